package dev.outboxsync.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The whole product and the simulation anew, with the classes of one edited source in place of their own. */
final class EditedCore extends ClassLoader {
    private static final String OURS = "dev.outboxsync.";

    private final Map<String, ByteArrayOutputStream> edited;

    private EditedCore(Map<String, ByteArrayOutputStream> edited) {
        super(EditedCore.class.getClassLoader());
        this.edited = edited;
    }

    static EditedCore of(Variant variant) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var classes = new HashMap<String, ByteArrayOutputStream>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            null,
                            inMemory(files, classes),
                            null,
                            List.of("-classpath", classPath, "-proc:none", "-nowarn", "-parameters"),
                            null,
                            List.of(source(variant)))
                    .call();
            if (!compiled) {
                throw new AssertionError("does not compile: " + variant);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new EditedCore(classes);
    }

    /** How a seed breaks the promise; null when it does not. */
    String violationOf(long seed) {
        try {
            return (String) loadClass(OURS + "simulation.Simulation")
                    .getMethod("violationOf", long.class)
                    .invoke(null, seed);
        } catch (ReflectiveOperationException e) {
            return String.valueOf(e.getCause());
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] code = edited.containsKey(name) ? edited.get(name).toByteArray() : compiled(name);
        return defineClass(name, code, 0, code.length);
    }

    private byte[] compiled(String name) throws ClassNotFoundException {
        try (InputStream code = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (code == null) {
                throw new ClassNotFoundException(name);
            }
            return code.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static JavaFileObject source(Variant variant) {
        return new SimpleJavaFileObject(variant.source().toUri(), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return variant.edited();
            }
        };
    }

    private static JavaFileManager inMemory(StandardJavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
        return new ForwardingJavaFileManager<>(files) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/')), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return classes.computeIfAbsent(name, any -> new ByteArrayOutputStream());
                    }
                };
            }
        };
    }
}
