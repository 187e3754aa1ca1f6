/**
 * How a market is priced from its bookmakers' quotes. {@link touchline.price.Pricing} is the seam; whole numbers only,
 * thousandths of decimal odds.
 */
package touchline.price;
