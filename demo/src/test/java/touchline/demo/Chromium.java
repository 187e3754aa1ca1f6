package touchline.demo;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** A real Chromium without a screen, with a profile of its own. */
final class Chromium implements AutoCloseable {

    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final long PATIENCE_MS = 60_000;
    private static final long POLL_NS = 10_000_000;

    /** Counts what goes over every WebSocket of a page, from its first script on. */
    private static final String COUNTING = """
            {
              const Plain = window.WebSocket;
              window.seen = { sent: [], images: [], frames: 0 };
              window.WebSocket = class extends Plain {
                constructor(...how) {
                  super(...how);
                  this.addEventListener('message', ({ data }) => {
                    seen.frames++;
                    for (const message of [JSON.parse(data)].flat()) {
                      if (message.op === 'image') seen.images.push(message.match);
                    }
                  });
                }
                send(text) {
                  seen.sent.push(...[JSON.parse(text)].flat());
                  super.send(text);
                }
              };
            }
            """;

    private final Path profile;
    private final ChromeDriver driver;

    private Chromium(Path profile, ChromeDriver driver) {
        this.profile = profile;
        this.driver = driver;
    }

    /** Skips the test where there is none. */
    static Chromium start() {
        assumeTrue(
                Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER),
                BROWSER + " and " + DRIVER + " are needed: apt-get install chromium chromium-driver");
        try {
            Path profile = Files.createTempDirectory("chromium");
            ChromeOptions options = new ChromeOptions();
            options.setBinary(BROWSER.toFile());
            options.addArguments(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--hide-scrollbars",
                    "--user-data-dir=" + profile);
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(DRIVER.toFile())
                    .usingAnyFreePort()
                    .build();
            ChromeDriver driver = new ChromeDriver(service, options);
            driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
            Chromium chromium = new Chromium(profile, driver);
            chromium.count();
            return chromium;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts in every document that this window opens from now on. */
    private void count() {
        Map<String, Object> none = driver.executeCdpCommand("Page.enable", Map.of());
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", COUNTING));
        Objects.requireNonNull(none);
    }

    void open(String address) {
        // From one fragment to another would be no new document.
        driver.get("about:blank");
        driver.get(address);
    }

    /** @return the handle of the window that was in front before */
    String openBeside(String address) {
        String before = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.WINDOW);
        count();
        driver.get(address);
        return before;
    }

    String window() {
        return driver.getWindowHandle();
    }

    void front(String window) {
        driver.switchTo().window(window);
    }

    void closeWindow(String next) {
        driver.close();
        driver.switchTo().window(next);
    }

    void back() {
        driver.navigate().back();
    }

    void click(String selector) {
        WebElement element = driver.findElement(By.cssSelector(selector));
        js("arguments[0].scrollIntoView({ block: 'center' })", element);
        element.click();
    }

    void type(String selector, String text) {
        WebElement field = driver.findElement(By.cssSelector(selector));
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    }

    /** As a keyboard does: whatever has the focus when the key goes down gets it. */
    void press(Keys key) {
        new Actions(driver).sendKeys(key).perform();
    }

    void pressWith(Keys modifier, Keys key) {
        new Actions(driver).keyDown(modifier).sendKeys(key).keyUp(modifier).perform();
    }

    @Nullable
    Object js(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    boolean is(String expression, Object... arguments) {
        return Boolean.TRUE.equals(js("return Boolean(" + expression + ")", arguments));
    }

    long number(String expression, Object... arguments) {
        return ((Number) Objects.requireNonNull(js("return " + expression, arguments))).longValue();
    }

    String text(String selector) {
        return String.valueOf(
                js("return document.querySelector(arguments[0])?.textContent.trim() ?? '(none)'", selector));
    }

    void await(String what, String expression, Object... arguments) {
        await(what, () -> is(expression, arguments));
    }

    void await(String what, Supplier<Boolean> condition) {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!condition.get()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited for " + what + "; the page says: " + text("#standing") + " | "
                        + text("#notice") + " | " + text("main"));
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        width < 600 ? 2 : 1,
                        "mobile",
                        width < 600));
    }

    void colours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Kept as an artifact of the build, for people to look at. */
    void picture(Path directory, String name) {
        Object data = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                .get("data");
        try {
            Files.createDirectories(directory);
            Files.write(directory.resolve(name + ".png"), Base64.getDecoder().decode(String.valueOf(data)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // A straggler of the browser may still write there; the directory is a temporary one.
            profile.toFile().deleteOnExit();
        }
    }
}
