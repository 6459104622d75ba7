// Changes accounts through the C library, with P/Invoke.
//
//   Change PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID [MORE_IDS...]
//
// The first account is changed by one call, the others together. Text crosses as
// UTF-8 bytes, so that it works on every version of .NET and Mono.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

static class C {
    const string Lib = "libdocspace_tfa.so.0"; // docspace_tfa.dll on Windows
    const CallingConvention Cdecl = CallingConvention.Cdecl;
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern IntPtr dstfa_reason_name(int reason);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern IntPtr dstfa_options_new();
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern void dstfa_options_free(IntPtr options);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_options_set_portal_url(Handle options, byte[] url, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_options_set_api_key(Handle options, byte[] key, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_options_set_trust(Handle options, int trust, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_options_add_ca_file(Handle options, byte[] path, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_client_new(Handle options, out IntPtr client, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern void dstfa_client_free(IntPtr client);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_client_change_method(Handle client, byte[] account, int method, IntPtr cancel, out IntPtr change, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern void dstfa_change_free(IntPtr change);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern IntPtr dstfa_change_message(Handle change);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern void dstfa_error_free(IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_error_reason(IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_error_applied(IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern IntPtr dstfa_error_message(IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_bulk_new(Handle client, int method, out IntPtr bulk, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern void dstfa_bulk_free(IntPtr bulk);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_bulk_add(Handle bulk, byte[] entry, IntPtr index, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_bulk_step(Handle bulk, IntPtr cancel, out IntPtr item, out IntPtr error);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern void dstfa_bulk_item_free(IntPtr item);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern IntPtr dstfa_bulk_item_entry(Handle item);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern int dstfa_bulk_item_outcome(Handle item);
    [DllImport(Lib, CallingConvention = Cdecl)] public static extern IntPtr dstfa_bulk_item_error(Handle item);

    public static byte[] Bytes(string text) { return Encoding.UTF8.GetBytes(text + "\0"); }

    public static string Text(IntPtr text) {
        var bytes = new List<byte>();
        for (byte it; (it = Marshal.ReadByte(text, bytes.Count)) != 0;) bytes.Add(it);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public static string Reason(IntPtr error) { return Text(dstfa_reason_name(dstfa_error_reason(error))); }
}

// Owns one C object; freed even where it is forgotten.
sealed class Handle : SafeHandle {
    readonly Action<IntPtr> free;
    public Handle(IntPtr value, Action<IntPtr> free) : base(IntPtr.Zero, true) { this.free = free; SetHandle(value); }
    public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
    protected override bool ReleaseHandle() { free(handle); return true; }
}

sealed class TfaException : Exception { public TfaException(string said) : base(said) { } }

static class Program {
    const int MethodNone = 0, TrustAddedOnly = 2, Ok = 0, Done = 100;
    static readonly string[] Outcomes = { "unknown", "applied", "refused", "skipped", "would" };

    // Throws what the library says about a failure, and frees its object.
    static void Check(int status, IntPtr error) {
        if (status == Ok || status == Done) return;
        var said = C.Reason(error) + " (applied: " + C.dstfa_error_applied(error) + "): " + C.Text(C.dstfa_error_message(error));
        C.dstfa_error_free(error);
        throw new TfaException(said);
    }

    static Handle Connect(string url, string caFile, string key) {
        IntPtr client, error;
        using (var options = new Handle(C.dstfa_options_new(), C.dstfa_options_free)) {
            Check(C.dstfa_options_set_portal_url(options, C.Bytes(url), out error), error);
            Check(C.dstfa_options_set_api_key(options, C.Bytes(key), out error), error);
            Check(C.dstfa_options_set_trust(options, TrustAddedOnly, out error), error);
            Check(C.dstfa_options_add_ca_file(options, C.Bytes(caFile), out error), error);
            Check(C.dstfa_client_new(options, out client, out error), error);
            return new Handle(client, C.dstfa_client_free);
        }
    }

    // Many accounts, one answer at a time and without a callback.
    static void Many(Handle client, string[] entries) {
        IntPtr made, error;
        Check(C.dstfa_bulk_new(client, MethodNone, out made, out error), error);
        using (var bulk = new Handle(made, C.dstfa_bulk_free)) {
            foreach (var entry in entries)
                Check(C.dstfa_bulk_add(bulk, C.Bytes(entry), IntPtr.Zero, out error), error);
            for (;;) {
                Check(C.dstfa_bulk_step(bulk, IntPtr.Zero, out made, out error), error);
                if (made == IntPtr.Zero) return;
                using (var item = new Handle(made, C.dstfa_bulk_item_free)) Console.WriteLine("{0} {1} {2}", C.Text(C.dstfa_bulk_item_entry(item)),
                        Outcomes[C.dstfa_bulk_item_outcome(item)], C.Reason(C.dstfa_bulk_item_error(item)));
            }
        }
    }

    static int Main(string[] args) {
        IntPtr made, error;
        try {
            using (var client = Connect(args[0], args[1], File.ReadAllText(args[2]).Trim())) {
                Check(C.dstfa_client_change_method(client, C.Bytes(args[3]), MethodNone, IntPtr.Zero, out made, out error), error);
                using (var change = new Handle(made, C.dstfa_change_free))
                    Console.WriteLine("done: " + C.Text(C.dstfa_change_message(change)));
                Many(client, args.Skip(4).ToArray());
                return 0;
            }
        }
        catch (TfaException problem) {
            Console.WriteLine("refused: " + problem.Message);
            return 1;
        }
    }
}
