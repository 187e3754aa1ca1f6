package touchline.demo;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wish to end: Ctrl-C, a termination signal, or the end of the script that started us. The first one asks, a
 * second Ctrl-C or termination signal forces. A shutdown hook would not do: all hooks run at once, and servers must not
 * go before their jobs.
 */
final class Interrupts {

    private final CountDownLatch wished = new CountDownLatch(1);
    private final AtomicInteger count = new AtomicInteger();

    private Interrupts() {}

    static Interrupts listen() {
        Interrupts interrupts = new Interrupts();
        interrupts.handle("INT", interrupts::wish);
        interrupts.handle("TERM", interrupts::wish);
        interrupts.handle("HUP", interrupts::ask);
        long parent = Long.getLong("touchline.parent", 0);
        if (parent > 0) {
            ProcessHandle.of(parent).ifPresentOrElse(interrupts::endWith, interrupts::ask);
        }
        return interrupts;
    }

    private void endWith(ProcessHandle script) {
        CompletableFuture<Void> ended = script.onExit().thenRun(this::ask);
        if (ended.isCompletedExceptionally()) {
            throw new IllegalStateException("the script that started this cannot be watched: " + script);
        }
    }

    /** @return whether somebody wishes to end */
    boolean await(long ms) throws InterruptedException {
        return wished.await(ms, TimeUnit.MILLISECONDS);
    }

    boolean wished() {
        return wished.getCount() == 0;
    }

    /** Never forces: a terminal that is closed says so twice, and a script that passed a signal on and went wished once. */
    private void ask() {
        wished.countDown();
    }

    private void wish() {
        if (count.incrementAndGet() > 1) {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(130);
        }
        ask();
    }

    /** By reflection: the compiler warns of these classes and cannot be told not to. */
    private void handle(String name, Runnable heard) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            heard.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (InvocationTargetException e) {
            // The signal is ignored in this process (nohup), or not this platform's: then it cannot be wished this way.
            return;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no sun.misc.Signal: use an OpenJDK", e);
        }
    }
}
