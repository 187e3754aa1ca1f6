/** What is wanted of the relay, and how far it has come on this link. */
export class Subscription {
  constructor(id, select, markets, rate) {
    this.id = id;
    this.select = select;
    this.markets = markets;
    this.rate = rate;
    this.forget();
  }

  forget() {
    /** The relay owes no answer. */
    this.isReady = false;
    /** The relay has said that it is. */
    this.isInForce = false;
    this.isRefused = false;
    /** What was claimed to be held when it was asked for, and that the relay has taken something of it away since. */
    this.have = {};
    this.isInDoubt = false;
  }
}
