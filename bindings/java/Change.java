// Changes accounts through the C library, with JNA.
//
//   java -cp jna.jar:. Change PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID [MORE_IDS...]
//
// The first account is changed by one call, the others together. The library is
// looked for in jna.library.path too.
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

public final class Change {
    static final int METHOD_NONE = 0, TRUST_ADDED_ONLY = 2, OK = 0, DONE = 100;
    static final String[] OUTCOMES = {"unknown", "applied", "refused", "skipped", "would"};

    /** The C functions. JNA copies the strings, which the library keeps. */
    interface C extends Library {
        String dstfa_reason_name(int reason);
        Pointer dstfa_options_new();
        void dstfa_options_free(Pointer options);
        int dstfa_options_set_portal_url(Pointer options, String url, PointerByReference error);
        int dstfa_options_set_api_key(Pointer options, String key, PointerByReference error);
        int dstfa_options_set_trust(Pointer options, int trust, PointerByReference error);
        int dstfa_options_add_ca_file(Pointer options, String path, PointerByReference error);
        int dstfa_client_new(Pointer options, PointerByReference client, PointerByReference error);
        void dstfa_client_free(Pointer client);
        int dstfa_client_change_method(Pointer client, String account, int method, Pointer cancel,
            PointerByReference change, PointerByReference error);
        void dstfa_change_free(Pointer change);
        String dstfa_change_message(Pointer change);
        void dstfa_error_free(Pointer error);
        int dstfa_error_reason(Pointer error);
        int dstfa_error_applied(Pointer error);
        String dstfa_error_message(Pointer error);
        int dstfa_bulk_new(Pointer client, int method, PointerByReference bulk, PointerByReference error);
        void dstfa_bulk_free(Pointer bulk);
        int dstfa_bulk_add(Pointer bulk, String entry, Pointer index, PointerByReference error);
        int dstfa_bulk_step(Pointer bulk, Pointer cancel, PointerByReference item, PointerByReference error);
        void dstfa_bulk_item_free(Pointer item);
        String dstfa_bulk_item_entry(Pointer item);
        int dstfa_bulk_item_outcome(Pointer item);
        Pointer dstfa_bulk_item_error(Pointer item);
    }

    static final C c = Native.load("docspace_tfa", C.class,
        Collections.singletonMap(Library.OPTION_STRING_ENCODING, "UTF-8"));

    static String reason(Pointer error) {
        return c.dstfa_reason_name(c.dstfa_error_reason(error));
    }

    /** Throws what the library says about a failure, and frees its object. */
    static void check(ToIntFunction<PointerByReference> call) {
        PointerByReference out = new PointerByReference();
        int status = call.applyAsInt(out);
        if (status == OK || status == DONE) return;
        Pointer error = out.getValue();
        String said = String.format("%s (applied: %d): %s", reason(error), c.dstfa_error_applied(error),
            c.dstfa_error_message(error));
        c.dstfa_error_free(error);
        throw new IllegalStateException(said);
    }

    /** Owns one C object for the time of a block. */
    static final class Owned implements AutoCloseable {
        final PointerByReference out = new PointerByReference();
        final Consumer<Pointer> free;

        Owned(Consumer<Pointer> free) { this.free = free; }

        Pointer get() { return out.getValue(); }

        @Override public void close() { free.accept(get()); }
    }

    static void many(Pointer client, Iterable<String> entries) {
        try (Owned bulk = new Owned(c::dstfa_bulk_free)) {
            check(error -> c.dstfa_bulk_new(client, METHOD_NONE, bulk.out, error));
            for (String entry : entries) check(error -> c.dstfa_bulk_add(bulk.get(), entry, null, error));
            // One answer at a time and without a callback.
            while (true) {
                try (Owned item = new Owned(c::dstfa_bulk_item_free)) {
                    check(error -> c.dstfa_bulk_step(bulk.get(), null, item.out, error));
                    if (item.get() == null) return;
                    System.out.println(c.dstfa_bulk_item_entry(item.get()) + " "
                        + OUTCOMES[c.dstfa_bulk_item_outcome(item.get())] + " "
                        + reason(c.dstfa_bulk_item_error(item.get())));
                }
            }
        }
    }

    public static void main(String[] args) throws Exception {
        String key = new String(Files.readAllBytes(Paths.get(args[2])), "US-ASCII").trim();
        try (Owned options = new Owned(c::dstfa_options_free); Owned client = new Owned(c::dstfa_client_free);
                Owned change = new Owned(c::dstfa_change_free)) {
            options.out.setValue(c.dstfa_options_new());
            check(error -> c.dstfa_options_set_portal_url(options.get(), args[0], error));
            check(error -> c.dstfa_options_set_api_key(options.get(), key, error));
            check(error -> c.dstfa_options_set_trust(options.get(), TRUST_ADDED_ONLY, error));
            check(error -> c.dstfa_options_add_ca_file(options.get(), args[1], error));
            check(error -> c.dstfa_client_new(options.get(), client.out, error));
            check(error -> c.dstfa_client_change_method(client.get(), args[3], METHOD_NONE, null, change.out, error));
            System.out.println("done: " + c.dstfa_change_message(change.get()));
            many(client.get(), Arrays.asList(args).subList(4, args.length));
        } catch (IllegalStateException problem) {
            System.out.println("refused: " + problem.getMessage());
            System.exit(1);
        }
    }
}
