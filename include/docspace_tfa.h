/*
 * docspace_tfa.h - changes a user's two-factor method on an ONLYOFFICE DocSpace
 * portal, and says truthfully whether it was done.
 *
 * A complete program. The key is read from a file: other users of a machine can
 * see the arguments of a program.
 *
 *     #include <stdio.h>
 *     #include <string.h>
 *     #include "docspace_tfa.h"
 *
 *     int main(int argc, char **argv)
 *     {
 *         char key[512] = "";
 *         FILE *file;
 *         dstfa_change *change = NULL;
 *         dstfa_error *error = NULL;
 *         dstfa_status status;
 *
 *         if (argc != 4) {
 *             fprintf(stderr, "usage: %s PORTAL-URL KEY-FILE ACCOUNT-ID\n", argv[0]);
 *             return 2;
 *         }
 *         file = fopen(argv[2], "r");
 *         if (file == NULL || fgets(key, sizeof key, file) == NULL) {
 *             perror(argv[2]);
 *             return 2;
 *         }
 *         fclose(file);
 *         key[strcspn(key, "\r\n")] = '\0';
 *
 *         status = dstfa_change_method_once(argv[1], key, NULL, argv[3],
 *                                           DSTFA_METHOD_NONE, &change, &error);
 *         memset(key, 0, sizeof key);
 *         if (status == DSTFA_OK) {
 *             printf("%s\n", dstfa_change_message(change));
 *         } else {
 *             fprintf(stderr, "%s\n", dstfa_error_message(error));
 *             if (dstfa_error_applied(error) != DSTFA_APPLIED_NO)
 *                 fprintf(stderr, "Look at the account before you try again.\n");
 *         }
 *         dstfa_change_free(change);
 *         dstfa_error_free(error);
 *         return status == DSTFA_OK ? 0 : 1;
 *     }
 *
 * Build it with: cc program.c -ldocspace_tfa
 *
 * OBJECTS. A dstfa_client, made from dstfa_options, makes the calls. Besides
 * changing one account (dstfa_change) or many (dstfa_bulk) it finds and lists
 * accounts (dstfa_account), looks what a change would meet (dstfa_check), reads
 * and sets the method of the whole portal (dstfa_policy; setting it affects every
 * account), and reads or renews the backup codes of its own account
 * (dstfa_backup_codes).
 *
 * RESULTS. Every call that can fail returns a dstfa_status; 0 is DSTFA_OK. Take
 * a number you do not know for a failure. The last parameter, error_out, gets an
 * object that says more; NULL there means you do not want it. So does NULL for
 * every other "_out" parameter whose text does not call it required. On entry
 * the place an out parameter points to is set to NULL; an object is put there
 * only on success, an error only on failure.
 *
 * APPLIED. After a failure dstfa_error_applied() tells whether the call changed
 * something all the same: NO, YES, or MAYBE when the request had left and no
 * answer settled it. Never repeat a MAYBE unseen. A change can come back with
 * DSTFA_OK and MAYBE, too, see dstfa_change_applied(). YES is the portal's word;
 * what YES and NO leave open stands at dstfa_client_change_method().
 *
 * Zero is the harmless reading of every answer: UNKNOWN, MAYBE, no, none.
 * Three-valued answers are to be compared with their constants, two-valued ones
 * are 0 or 1; the text of each function says which it is.
 *
 * OWNERSHIP. Each object has one function that frees it, dstfa_..._free(), which
 * takes NULL too; free in any order and on any thread, once, and never with
 * another allocator. An object you get as a pointer to const belongs to the one
 * you got it from and is never freed. Strings you get belong to the object you
 * got them from, live as long as it, end in a NUL byte and are never NULL.
 * Strings and options you give are copied before the call returns. Objects that
 * hold secrets wipe them when they are freed; what clients, lists and bulks have
 * in common, the credential and the log callback, goes with the last of them.
 *
 * NULL. Every getter takes NULL and gives the harmless answer its text names; a
 * missing required parameter is DSTFA_E_ARGUMENT. NULL crashes nothing.
 *
 * TEXT is UTF-8 in both directions, paths included, on every system. What is not
 * UTF-8 is DSTFA_E_ARGUMENT. Text from the portal has its control and direction
 * characters replaced and is cut to a decent length.
 *
 * THREADS. A const pointer to a client or a cancel object may be used by any
 * number of threads at once, and the numbers of a bulk may be read by any; any
 * other object by one thread at a time. Objects may move between threads. Nothing
 * belongs to a particular thread, errors neither. Nothing need be initialised or
 * cleaned up. pthread_cancel() of a thread that is in a call ends the whole
 * process: end the call with dstfa_cancel_request(), or switch cancellation off
 * around it with pthread_setcancelstate().
 *
 * DEADLINE. A call blocks until it is done, at most for the timeout of its
 * client, 60 seconds unless set, whatever it does in that time. A bulk has that
 * deadline for each read and for each change instead.
 *
 * CANCEL. dstfa_cancel_request() ends the calls that were given the object, from
 * another thread or from a signal handler. It is the only function that may be
 * called in a signal handler.
 *
 * SIGNALS AND OUTPUT. No signal handler or disposition is touched, broken
 * connections raise no SIGPIPE, interrupted waits go on. Nothing is written to
 * standard output or standard error, but by a process that is about to abort.
 *
 * ENVIRONMENT. This library reads no variable unless
 * dstfa_options_set_proxy_from_env() asks for it. The system's own name look-up
 * may read some.
 *
 * PANICS. A defect inside the library does not end your program: the call
 * returns DSTFA_E_INTERNAL, a getter its harmless answer.
 *
 * FORK. Between calls a process may fork and both may go on; connections are
 * not shared. Do not fork while another thread is in a call and then use its
 * objects in the child.
 *
 * UNLOADING. The library stays loaded until the process ends, dlclose() or not:
 * a name look-up that was given up may still run in it.
 *
 * STACK. A calling thread needs 256 KiB of stack.
 *
 * MEMORY. If the system has no memory left, the process ends by abort() with a
 * line on standard error.
 *
 * ABI. Only int32_t, uint32_t, const char *, void *, pointers to incomplete
 * types and function pointers cross the boundary, with the C calling convention.
 * Numbers are never used again for something else. As long as the shared library
 * is named libdocspace_tfa.so.0, functions and constants are only added.
 * Compare dstfa_version_number() with DSTFA_VERSION_NUMBER where a program may
 * meet an older library.
 *
 * This file is generated from the library's source; do not edit it.
 */
#ifndef DOCSPACE_TFA_H
#define DOCSPACE_TFA_H


#include <stdint.h>

/** The version of this header; dstfa_version() tells the library's. */
#define DSTFA_VERSION "0.1.0"
#define DSTFA_VERSION_MAJOR 0
#define DSTFA_VERSION_MINOR 1
#define DSTFA_VERSION_PATCH 0
/** Major, minor and patch in one number; see dstfa_version_number(). */
#define DSTFA_VERSION_NUMBER 0x000100

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup methods Numbers: methods
 * What a second factor can be.
 * @{ */


/**
 * No second factor.
 */
#define DSTFA_METHOD_NONE 0

/**
 * A code by text message.
 */
#define DSTFA_METHOD_SMS 1

/**
 * A code from an authenticator app.
 */
#define DSTFA_METHOD_APP 2

/**
 * Not known; getters only.
 */
#define DSTFA_METHOD_UNKNOWN 99

/** @} */

/** @defgroup applied Numbers: applied
 * Whether a call changed something.
 * @{ */

/**
 * Whether something was changed cannot be told from here.
 */
#define DSTFA_APPLIED_MAYBE 0

/**
 * Nothing was changed.
 */
#define DSTFA_APPLIED_NO 1

/**
 * It was changed: the portal says so.
 */
#define DSTFA_APPLIED_YES 2

/** @} */

/** @defgroup answers Numbers: three-valued answers
 * Yes, no, or not known.
 * @{ */

/**
 * Three-valued answers: it is not known. Compare; never use such an answer as
 * a truth value.
 */
#define DSTFA_UNKNOWN 0

/**
 * Three-valued answers: no.
 */
#define DSTFA_NO 1

/**
 * Three-valued answers: yes.
 */
#define DSTFA_YES 2

/** @} */

/** @defgroup next Numbers: the next sign-in
 * What an account meets there.
 * @{ */

/**
 * What its next sign-in asks for is the portal's own setting. That was not
 * read or does not tell.
 */
#define DSTFA_NEXT_UNKNOWN 0

/**
 * Its next sign-in asks for no second factor.
 */
#define DSTFA_NEXT_NOTHING 1

/**
 * Its next sign-in asks to link an app again.
 */
#define DSTFA_NEXT_ENROL 2

/**
 * Its next sign-in asks for a code from the app.
 */
#define DSTFA_NEXT_APP 3

/**
 * Its next sign-in asks for a code by text message.
 */
#define DSTFA_NEXT_SMS 4

/**
 * It signs in by single sign-on (SSO), which asks for no second factor and no
 * new app. That is so whatever the portal's method is.
 */
#define DSTFA_NEXT_SSO 5

/** @} */

/** @defgroup trust Numbers: trust
 * Which certificate authorities are trusted.
 * @{ */

/**
 * The system's certificate authorities, and the added ones (default).
 */
#define DSTFA_TRUST_SYSTEM 0

/**
 * Mozilla's certificate authorities, as built into this library, and the
 * added ones.
 */
#define DSTFA_TRUST_BUNDLED 1

/**
 * The added ones only; there must be at least one.
 */
#define DSTFA_TRUST_ADDED_ONLY 2

/** @} */

/** @defgroup states Numbers: accounts and roles
 * Whether an account may be used, and what it may do.
 * @{ */

/**
 * The portal did not say whether the account may be used; not for filters.
 */
#define DSTFA_ACCOUNT_UNKNOWN 0

/**
 * In use.
 */
#define DSTFA_ACCOUNT_ACTIVE 1

/**
 * Disabled; what it had linked is kept.
 */
#define DSTFA_ACCOUNT_TERMINATED 2

/**
 * Invited, not yet accepted.
 */
#define DSTFA_ACCOUNT_PENDING 4

/**
 * The portal did not say what the account may do; not for filters.
 */
#define DSTFA_ROLE_UNKNOWN 0

/**
 * The one owner of the portal.
 */
#define DSTFA_ROLE_OWNER 1

/**
 * A DocSpace administrator.
 */
#define DSTFA_ROLE_ADMIN 2

/**
 * A room administrator.
 */
#define DSTFA_ROLE_ROOM_ADMIN 3

/**
 * A user.
 */
#define DSTFA_ROLE_USER 4

/**
 * A guest.
 */
#define DSTFA_ROLE_GUEST 5

/**
 * For filters: no restriction.
 */
#define DSTFA_ANY -1

/** @} */

/** @defgroup reasons Numbers: reasons
 * Why the portal said no.
 * @{ */

/**
 * There is no reason beyond the status. A success, or the network said no.
 */
#define DSTFA_REASON_NONE 0

/**
 * The reason is not known; the portal's own words may tell.
 */
#define DSTFA_REASON_UNKNOWN 1

/**
 * The portal does not accept the credential; it is wrong, expired, disabled
 * or its account is: make a new API key.
 */
#define DSTFA_REASON_BAD_CREDENTIAL 10

/**
 * The key lacks a permission that this needs; make one with all permissions
 * (a change needs the scope *:write).
 */
#define DSTFA_REASON_MISSING_SCOPE 11

/**
 * Only the portal's owner may do this for another account; use a key made by
 * the owner.
 */
#define DSTFA_REASON_NOT_OWNER 12

/**
 * Only the owner or a DocSpace administrator may do this.
 */
#define DSTFA_REASON_NOT_ADMIN 13

/**
 * The portal, or something in front of it, does not admit this address; add
 * it to the list of IP Security in the portal's settings, or use the owner's
 * key. That list is another one than that of trusted addresses.
 */
#define DSTFA_REASON_IP_RESTRICTED 14

/**
 * Sign-in is locked after too many attempts; wait a few minutes. Kept for its
 * number: no portal is known to say so.
 */
#define DSTFA_REASON_SIGN_IN_LOCKED 15

/**
 * There is no such account; check the id.
 */
#define DSTFA_REASON_NO_SUCH_ACCOUNT 20

/**
 * The account is terminated (disabled); enable it before changing it.
 */
#define DSTFA_REASON_ACCOUNT_TERMINATED 21

/**
 * The account has no linked authenticator app; there is nothing to unlink.
 */
#define DSTFA_REASON_NOT_LINKED 22

/**
 * The installation hides the authenticator app; ask who runs it.
 */
#define DSTFA_REASON_HIDDEN_BY_PORTAL 23

/**
 * The method is not available on this portal.
 */
#define DSTFA_REASON_METHOD_UNAVAILABLE 24

/**
 * The portal could not read the request; its words tell what.
 */
#define DSTFA_REASON_INVALID_REQUEST 25

/**
 * No portal answers at this address; check the URL, or whether the portal is
 * suspended.
 */
#define DSTFA_REASON_PORTAL_NOT_FOUND 30

/**
 * The portal's subscription is not paid; the owner must renew it.
 */
#define DSTFA_REASON_UNPAID 31

/**
 * The portal is being moved, restored or encrypted; try later.
 */
#define DSTFA_REASON_MAINTENANCE 32

/**
 * The portal asks to slow down; try later. There were too many requests in a
 * short time.
 */
#define DSTFA_REASON_RATE_LIMITED 33

/**
 * The portal's daily number of writes is used up; try after the time it
 * named.
 */
#define DSTFA_REASON_DAILY_LIMIT 34

/**
 * A redirect was answered, which is never followed; use the portal's own
 * https address. The message names where to.
 */
#define DSTFA_REASON_REDIRECTED 40

/**
 * A page or another service answered, not DocSpace; check that the URL is the
 * portal's.
 */
#define DSTFA_REASON_NOT_A_PORTAL 41

/**
 * The certificate's issuer is not trusted; add its CA file, or, where the
 * portal's certificate is self-signed, that certificate itself as the CA
 * file.
 */
#define DSTFA_REASON_CERT_UNTRUSTED 50

/**
 * The certificate has expired; renew it on the portal.
 */
#define DSTFA_REASON_CERT_EXPIRED 51

/**
 * The certificate is not valid yet; check both clocks.
 */
#define DSTFA_REASON_CERT_NOT_YET_VALID 52

/**
 * The certificate is for another host; use the name it was made for.
 */
#define DSTFA_REASON_CERT_WRONG_HOST 53

/**
 * The server asks for a client certificate it accepts; give one with its key.
 */
#define DSTFA_REASON_CERT_CLIENT_NEEDED 54

/**
 * The proxy asks for authentication; give user and password in the proxy URL.
 */
#define DSTFA_REASON_PROXY_AUTH 55

/** @} */

/** @defgroup outcomes Numbers: entries of a bulk
 * What became of each.
 * @{ */

/**
 * It may have been applied.
 */
#define DSTFA_ITEM_UNKNOWN 0

/**
 * The portal says that it is done, or the app was seen unlinked afterwards.
 * Where it was only seen, its change or error says that it may be applied.
 */
#define DSTFA_ITEM_APPLIED 1

/**
 * Not applied; the error says why.
 */
#define DSTFA_ITEM_REFUSED 2

/**
 * Nothing was asked: a duplicate, settled in the journal, or the caller's own
 * account left out.
 */
#define DSTFA_ITEM_SKIPPED 3

/**
 * A dry run: the change would be asked for.
 */
#define DSTFA_ITEM_WOULD_APPLY 4

/** @} */

/** @defgroup phases Numbers: phases of a bulk
 * What a run is at.
 * @{ */

/**
 * It is not at work.
 */
#define DSTFA_PHASE_IDLE 0

/**
 * Entries are worked on.
 */
#define DSTFA_PHASE_CHANGING 1

/**
 * The portal wants to be left alone for a while.
 */
#define DSTFA_PHASE_PAUSED 2

/**
 * Every entry is answered; accounts are looked at.
 */
#define DSTFA_PHASE_LOOKING 3

/**
 * Every entry is answered; the last look waits until it can tell.
 */
#define DSTFA_PHASE_WAITING 4

/** @} */

/** @defgroup levels Numbers: log levels
 * How much is logged.
 * @{ */

/**
 * Nothing is logged.
 */
#define DSTFA_LOG_OFF 0

/**
 * Failed calls.
 */
#define DSTFA_LOG_ERROR 1

/**
 * Also changes whose outcome is unknown, and repeated tries.
 */
#define DSTFA_LOG_WARN 2

/**
 * Also every exchange with the portal: method, path without query, names and
 * ids, status, duration, attempt, phase.
 */
#define DSTFA_LOG_INFO 3

/**
 * Also account ids and e-mail addresses; never a secret.
 */
#define DSTFA_LOG_DEBUG 4

/** @} */

/** @defgroup types Types
 * The objects, the status and the callbacks.
 * @{ */

/**
 * An account as the portal shows it to the caller. Put where account_out
 * points, freed with dstfa_account_free(); one from dstfa_check_account() is
 * not. It may outlive the client and the list.
 *
 * All texts are cleaned of control, direction and invisible characters and cut
 * to 512 bytes. They are still chosen by the member: show them, do not trust them.
 */
typedef struct dstfa_account dstfa_account;

/**
 * Accounts, one after another. Made by dstfa_client_list_accounts(), read with
 * dstfa_account_list_next(), freed with dstfa_account_list_free(). It may
 * outlive the client; one thread at a time.
 */
typedef struct dstfa_account_list dstfa_account_list;

/**
 * Backup codes: each signs in once in place of the app. Put where codes_out
 * points, freed with dstfa_backup_codes_free(), which wipes them. They may outlive the
 * client.
 */
typedef struct dstfa_backup_codes dstfa_backup_codes;

/**
 * Changes many accounts, as fast as the portal lets it and no faster. Made by
 * dstfa_bulk_new(), filled with dstfa_bulk_add(), worked through with
 * dstfa_bulk_run() or dstfa_bulk_step(), freed with dstfa_bulk_free(). It may
 * outlive the client.
 *
 * Settings and entries come before the run; afterwards they are refused with
 * DSTFA_E_STATE. Setters judge their value at once; one they refuse changes
 * nothing and gives DSTFA_E_ARGUMENT, or another status where the setter's own
 * text says so, with DSTFA_APPLIED_NO.
 *
 * One thread at a time runs and sets; every call while it runs, from its
 * callback too, gives DSTFA_E_STATE. The numbers - total, count, remaining,
 * elapsed, estimate, phase, wait - may be read by any thread at any time, and
 * dstfa_bulk_stop() called.
 *
 * What concerns one account is told by its item. What concerns them all ends
 * the run with an error, and the entries not yet finished stay: calling
 * dstfa_bulk_step() or dstfa_bulk_run() again goes on with them.
 */
typedef struct dstfa_bulk dstfa_bulk;

/**
 * What became of one entry. One from dstfa_bulk_step() or dstfa_journal_next() is
 * freed with dstfa_bulk_item_free() and may outlive the bulk or the journal; one
 * that a callback gets belongs to the library and ends with the callback.
 */
typedef struct dstfa_bulk_item dstfa_bulk_item;

/**
 * Ends calls from another thread or from a signal handler. Made by
 * dstfa_cancel_new(), given to calls, freed with dstfa_cancel_free().
 */
typedef struct dstfa_cancel dstfa_cancel;

/**
 * What a change that went through tells. Put where change_out points, freed
 * with dstfa_change_free(). It may outlive the client.
 */
typedef struct dstfa_change dstfa_change;

/**
 * What a change of an account would meet, as far as the portal lets it be
 * known. Put where check_out points, freed with dstfa_check_free(). It may
 * outlive the client.
 */
typedef struct dstfa_check dstfa_check;

/**
 * A portal and a credential to act with. Made by dstfa_client_new(), freed
 * with dstfa_client_free(). It never changes: any number of threads may call
 * with one client at the same time.
 */
typedef struct dstfa_client dstfa_client;

/**
 * What a failed call tells. Put where error_out points, freed with
 * dstfa_error_free(). It belongs to no thread and to no client.
 */
typedef struct dstfa_error dstfa_error;

/**
 * What stands in a journal. Made by dstfa_journal_open(), read with
 * dstfa_journal_next(), freed with dstfa_journal_free(). One thread at a time.
 */
typedef struct dstfa_journal dstfa_journal;

/**
 * What a client is made with. Made by dstfa_options_new(), freed with
 * dstfa_options_free(); one thread at a time.
 *
 * Every setter copies what it is given and judges it at once: a value it
 * refuses changes nothing and gives DSTFA_E_ARGUMENT, or another status where
 * the setter's own text says so, with DSTFA_APPLIED_NO. Setting again
 * replaces. Rules over several options are judged by dstfa_client_new(), so
 * the order of setters never matters.
 */
typedef struct dstfa_options dstfa_options;

/**
 * The two-factor setting of the whole portal: read with dstfa_client_policy(),
 * changed here, in this object only, and sent with dstfa_client_apply_policy();
 * freed with dstfa_policy_free(). It may outlive the client; one thread at a
 * time.
 *
 * Each method has lists of its own: trusted addresses, accounts and groups that
 * are always asked. THE PORTAL FORGETS A METHOD'S LISTS WHEN THAT METHOD IS
 * SWITCHED OFF OR REPLACED: switched on again it comes without them. The lists
 * in a policy are those of the method that is on, and go with the policy when
 * another method is set and applied.
 *
 * Both methods can be on: setting the app or none leaves text messages on where
 * the portal hides their settings, has no provider for them (any more) or a plan
 * without them. Then a policy gives the method and the lists of text messages,
 * which are asked for first if the plan has them after all; a portal does not
 * show that.
 *
 * Setters judge their value at once; one they refuse changes nothing and gives
 * DSTFA_E_ARGUMENT with DSTFA_APPLIED_NO.
 */
typedef struct dstfa_policy dstfa_policy;

/**
 * What a call came to: DSTFA_OK, DSTFA_DONE or one of DSTFA_E_*. Treat a
 * number you do not know as a failure: later versions may add some.
 */
typedef int32_t dstfa_status;

/**
 * Receives the entries of a run; see dstfa_bulk_run().
 */
typedef void (*dstfa_bulk_fn)(void *user_data,
                              const dstfa_bulk *bulk,
                              const dstfa_bulk_item *item);

/**
 * Receives log lines; see dstfa_options_set_log().
 */
typedef void (*dstfa_log_fn)(void *user_data, int32_t level, const char *message);

/** @} */

/** @defgroup statuses Numbers: statuses
 * What a call came to.
 * @{ */

/**
 * The call did what it was asked to.
 */
#define DSTFA_OK 0

/**
 * There is nothing more to hand out; not a failure.
 */
#define DSTFA_DONE 100

/**
 * A parameter is wrong; correct it. Nothing was sent.
 */
#define DSTFA_E_ARGUMENT 1

/**
 * This call does not fit the object's state; check the order of calls.
 */
#define DSTFA_E_STATE 2

/**
 * This build, platform or portal version cannot do that; see the
 * documentation.
 */
#define DSTFA_E_UNSUPPORTED 3

/**
 * The host name could not be resolved; check its spelling and the network.
 */
#define DSTFA_E_RESOLVE 10

/**
 * No connection to the portal; check address, port, firewall and whether it
 * runs.
 */
#define DSTFA_E_CONNECT 11

/**
 * The proxy did not open a tunnel to the portal; check its address and rules.
 */
#define DSTFA_E_PROXY 12

/**
 * The TLS handshake failed; check that the address is the portal's https
 * port. A certificate fault is told by the reason.
 */
#define DSTFA_E_TLS 13

/**
 * The time allowed for the call was over; check the network or allow more.
 */
#define DSTFA_E_TIMEOUT 14

/**
 * The connection broke before the answer was complete. Or the answer was
 * over-long.
 */
#define DSTFA_E_TRANSPORT 15

/**
 * The portal does not accept the credential; check or renew it.
 */
#define DSTFA_E_UNAUTHORIZED 20

/**
 * The portal does not let the credential or this address in. See the reason.
 */
#define DSTFA_E_FORBIDDEN 21

/**
 * There is no such thing at this address; check the portal URL. Or there is
 * no such account: see the reason.
 */
#define DSTFA_E_NOT_FOUND 22

/**
 * The portal refused; its own words may tell why. It had understood: see the
 * reason.
 */
#define DSTFA_E_REJECTED 23

/**
 * The portal is not in service now; try later. Or what was asked of it is
 * not: see the reason.
 */
#define DSTFA_E_UNAVAILABLE 24

/**
 * The portal asks to slow down; try later. The error tells after what time.
 */
#define DSTFA_E_RATE_LIMITED 25

/**
 * The portal failed; its log may tell why.
 */
#define DSTFA_E_SERVER 26

/**
 * The answer is not one of DocSpace; check that the URL is the portal's.
 */
#define DSTFA_E_PROTOCOL 27

/**
 * The portal accepted the setting, but shows another one, which may be up to
 * five minutes old; look again after that.
 */
#define DSTFA_E_UNVERIFIED 28

/**
 * A redirect was answered, which is never followed; use the portal's own
 * https address.
 */
#define DSTFA_E_REDIRECTED 29

/**
 * The call was cancelled.
 */
#define DSTFA_E_CANCELLED 30

/**
 * The journal cannot be opened, read, locked or written; check the file and
 * its disk.
 */
#define DSTFA_E_IO 31

/**
 * The journal is in use by another run; wait for that to end.
 */
#define DSTFA_E_BUSY 32

/**
 * The journal is damaged, or belongs to another portal, caller, method or
 * format; use a new file.
 */
#define DSTFA_E_JOURNAL 33

/**
 * A defect in this library; please report it.
 */
#define DSTFA_E_INTERNAL 99

/** @} */

/** @defgroup once First call
 * Changes one account, for programs that do just that and end.
 * @{ */

/**
 * dstfa_client_change_method() in one call, for programs that change one
 * account and end: makes a client with default settings, changes, and frees
 * the client.
 *
 * ca_file is a PEM file of certificate authorities to trust besides the
 * system's, or NULL. change_out may be NULL. Returns what dstfa_client_new()
 * and dstfa_client_change_method() return.
 */
dstfa_status dstfa_change_method_once(const char *portal_url,
                                      const char *api_key,
                                      const char *ca_file,
                                      const char *account_id,
                                      int32_t method,
                                      dstfa_change **change_out,
                                      dstfa_error **error_out);

/** @} */

/** @defgroup options Options
 * What a client is made with: portal, credential, times, proxy, trust.
 * @{ */

/**
 * New options with the default settings. Never NULL.
 */
dstfa_options *dstfa_options_new(void);

/**
 * Frees the options and wipes their copy of the credential; NULL does nothing.
 * Clients made from them stay valid. A client certificate's key is not wiped, see
 * dstfa_options_set_client_certificate().
 */
void dstfa_options_free(dstfa_options *options);

/**
 * The portal: https:// and the host, a port and a path prefix if there are
 * any; without /api/2.0 at its end. Required.
 */
dstfa_status dstfa_options_set_portal_url(dstfa_options *options,
                                          const char *url,
                                          dstfa_error **error_out);

/**
 * An API key ("sk-" and more), made by the account that shall act: the
 * portal's owner to change others. Replaces a session token or password. One
 * of the three is required.
 */
dstfa_status dstfa_options_set_api_key(dstfa_options *options,
                                       const char *api_key,
                                       dstfa_error **error_out);

/**
 * The token of a signed-in session. Changing one's own account ends that
 * session. Replaces an API key or password.
 */
dstfa_status dstfa_options_set_session_token(dstfa_options *options,
                                             const char *token,
                                             dstfa_error **error_out);

/**
 * E-mail address and password of the account that shall act. An API key is
 * the better choice: it can be withdrawn alone. Replaces an API key or
 * session token.
 */
dstfa_status dstfa_options_set_password(dstfa_options *options,
                                        const char *email,
                                        const char *password,
                                        dstfa_error **error_out);

/**
 * The one deadline of a call in milliseconds, over everything it does: name
 * look-up, connecting, every try, looking at the account. Default 60000; 0 is
 * refused.
 *
 * What changes something is sent until a quarter of it (5 s at most) before the
 * deadline: a call of which no byte has left by then ends so much early. What
 * remains is kept for finding out what became of the change.
 */
dstfa_status dstfa_options_set_timeout_ms(dstfa_options *options,
                                          uint32_t ms,
                                          dstfa_error **error_out);

/**
 * How long one connection may take in milliseconds: name look-up, connect,
 * proxy and TLS together. Default 10000; 0 is refused.
 */
dstfa_status dstfa_options_set_connect_timeout_ms(dstfa_options *options,
                                                  uint32_t ms,
                                                  dstfa_error **error_out);

/**
 * How often a change may be tried. It is only tried again when nothing of it
 * left this machine or the portal answered 429, with or without a wait, and that
 * fits the deadline. (What ends another account's sessions is also sent once more
 * after a lost answer.) Calls that only read try each read as often, where that
 * may help; the reads that follow a change are not repeated so. Default 3; 0 is
 * refused.
 */
dstfa_status dstfa_options_set_max_attempts(dstfa_options *options,
                                            uint32_t attempts,
                                            dstfa_error **error_out);

/**
 * A proxy to tunnel through: http://, with user and password if it wants
 * them. Default: none. DSTFA_E_UNSUPPORTED for SOCKS and https:// proxies.
 */
dstfa_status dstfa_options_set_proxy(dstfa_options *options,
                                     const char *url,
                                     dstfa_error **error_out);

/**
 * 1: the proxy is taken from HTTPS_PROXY, ALL_PROXY and NO_PROXY when the
 * client is made; the names count in small letters too; ignored on Linux in
 * set-user-id programs. A proxy is http://[user:password@]host[:port], and http:// may be
 * left out. NO_PROXY holds entries between commas or blanks: "*", a host, a
 * domain above it (example.com, .example.com, *.example.com), an address, each
 * with :port if it is meant for that port alone, or a network (10.0.0.0/8,
 * fd00::/8). 0 (default): the environment is not read. Other numbers are
 * refused.
 */
dstfa_status dstfa_options_set_proxy_from_env(dstfa_options *options,
                                              int32_t enabled,
                                              dstfa_error **error_out);

/**
 * Which certificate authorities are trusted, one of DSTFA_TRUST_*. Default
 * DSTFA_TRUST_SYSTEM. There is no way to switch verification off.
 */
dstfa_status dstfa_options_set_trust(dstfa_options *options,
                                     int32_t trust,
                                     dstfa_error **error_out);

/**
 * Trusts the certificate authorities in a PEM file too, besides those added
 * before. A portal's own, self-signed certificate may stand in it (openssl req
 * -x509 makes such): that very certificate is then trusted as it is, within
 * its dates and for its names. path is UTF-8 on every system; the file is read
 * now and not opened again.
 */
dstfa_status dstfa_options_add_ca_file(dstfa_options *options,
                                       const char *path,
                                       dstfa_error **error_out);

/**
 * Trusts the certificate authorities in a PEM text too, besides those added
 * before; as dstfa_options_add_ca_file does.
 */
dstfa_status dstfa_options_add_ca_pem(dstfa_options *options,
                                      const char *pem,
                                      dstfa_error **error_out);

/**
 * A client certificate (with its chain) and its key, PEM files; for portals
 * behind a gateway that asks for one. Read now and not opened again. Paths are
 * UTF-8 on every system.
 *
 * The key must not be encrypted; it is in PKCS#8 (PRIVATE KEY), PKCS#1 (RSA
 * PRIVATE KEY) or SEC1 form (EC PRIVATE KEY), and for RSA, P-256, P-384 or
 * Ed25519. What was read is wiped before this returns. The numbers it was taken
 * apart into, which signing needs, are shared by the options and all that is made
 * from them; their memory is given back with the last of those, but is not wiped.
 */
dstfa_status dstfa_options_set_client_certificate(dstfa_options *options,
                                                  const char *cert_path,
                                                  const char *key_path,
                                                  dstfa_error **error_out);

/**
 * The User-Agent header: visible ASCII and blanks, at most 256 bytes. Default
 * "docspace-tfa/" and the version.
 */
dstfa_status dstfa_options_set_user_agent(dstfa_options *options,
                                          const char *value,
                                          dstfa_error **error_out);

/**
 * 1: http:// is allowed to other machines too, where everybody on the way can
 * read the credential. 0 (default): only to this machine. Other numbers are
 * refused.
 */
dstfa_status dstfa_options_set_allow_plain_http(dstfa_options *options,
                                                int32_t enabled,
                                                dstfa_error **error_out);

/**
 * 1 (default): after a refusal at most three reads look for its reason: caller,
 * account and the portal's setting, or the key's scopes. 0: they do not, and the
 * reason stays DSTFA_REASON_UNKNOWN where the answer itself does not tell. That
 * a change with an open outcome is looked at does not depend on this. Other
 * numbers are refused.
 */
dstfa_status dstfa_options_set_explain(dstfa_options *options,
                                       int32_t enabled,
                                       dstfa_error **error_out);

/**
 * 1: after a change that the portal says it did, the account is looked at: at
 * once, after 1 s and after 4 s, until the app is seen unlinked; then the
 * portal's setting is read once. See dstfa_change_verified(),
 * dstfa_change_look_again_ms() and dstfa_change_next_sign_in(). A look never
 * takes the portal's word back. 0 (default): its word is taken. Other numbers
 * are refused.
 */
dstfa_status dstfa_options_set_verify(dstfa_options *options,
                                      int32_t enabled,
                                      dstfa_error **error_out);

/**
 * 1: where the outcome of a change is open, the portal's audit trail is asked.
 * The change then carries a mark: the header "Referer" with the portal's own
 * address, "/?" and 32 random hexadecimal digits, nothing of the account. The
 * portal keeps it in its audit trail, where owner and administrators see it; so
 * do gateways that log headers. An event with the mark proves that the portal
 * made this very change: DSTFA_OK, DSTFA_APPLIED_YES, with
 * dstfa_change_http_status() 0 and dstfa_change_sessions_ended() unknown; whether
 * the portal's save held, and whether the sessions ended, it does not prove. It
 * is asked after the looks at the account, and 1 s and 4 s later until it is
 * found; and once, 1 s later, after a refusal that says "not linked", that
 * nothing explains, or after which the app was seen unlinked: at most three
 * reads, within the deadline. No event proves nothing: it may be written late or
 * never. A trail that is not offered (portals before 2.6 show their 20 newest
 * events only; some plans have none), refused (it is for owner and
 * administrators, keys need *:read) or failing counts as not found, and never
 * makes a result worse. Where the address is too long for it (300 characters in
 * all), no mark is sent and nothing asked. 0 (default): no mark, no question.
 * Other numbers are refused.
 */
dstfa_status dstfa_options_set_audit(dstfa_options *options,
                                     int32_t enabled,
                                     dstfa_error **error_out);

/**
 * 1: a change of the caller's own account hands out the enrolment URL, see
 * dstfa_change_enrolment_url(). 0 (default): its key is thrown away. Other
 * numbers are refused.
 */
dstfa_status dstfa_options_set_enrolment_url(dstfa_options *options,
                                             int32_t enabled,
                                             dstfa_error **error_out);

/** @} */

/** @defgroup client Client
 * What the calls are made with.
 * @{ */

/**
 * Makes a client from options, which may be changed or freed afterwards.
 * Nothing is sent. Rules that concern several options are judged here.
 *
 * client_out is required and gets the client; free it with
 * dstfa_client_free(). Returns DSTFA_E_ARGUMENT when the portal URL or the
 * credential is missing or options contradict each other, DSTFA_E_UNSUPPORTED
 * for what this build cannot do. With an error applied is DSTFA_APPLIED_NO.
 */
dstfa_status dstfa_client_new(const dstfa_options *options,
                              dstfa_client **client_out,
                              dstfa_error **error_out);

/**
 * Frees the client; NULL does nothing. Not while a call with it is running.
 * What its calls handed out stays valid. Lists and bulks made with it go on using
 * its credential, which is wiped when the last of them and the client are freed.
 */
void dstfa_client_free(dstfa_client *client);

/** @} */

/** @defgroup accounts Accounts
 * Finding and listing them, and what is known of one.
 * @{ */

/**
 * Finds one account. Reads only.
 *
 * who is an e-mail address, a user name, an account id, or "@self" for the
 * credential's own account; blanks around it do not count. An e-mail address
 * or user name has to be the account's very own, but for upper and lower case.
 * cancel may be NULL. account_out is required and gets the account; free it
 * with dstfa_account_free().
 *
 * Returns DSTFA_E_NOT_FOUND with DSTFA_REASON_NO_SUCH_ACCOUNT if there is no
 * such account, DSTFA_E_ARGUMENT for a text that can be none, and what every
 * call to the portal can. With an error applied is DSTFA_APPLIED_NO.
 */
dstfa_status dstfa_client_find_account(const dstfa_client *client,
                                       const char *who,
                                       const dstfa_cancel *cancel,
                                       dstfa_account **account_out,
                                       dstfa_error **error_out);

/**
 * Makes a list of accounts. Nothing is sent yet. Portals let owner and
 * administrators list, and room administrators in part.
 *
 * text leaves only accounts whose names or e-mail address contain each of its
 * words; "" restricts nothing. status, one of DSTFA_ACCOUNT_*, and role, one of
 * DSTFA_ROLE_*, leave only accounts of that kind; DSTFA_ANY restricts nothing.
 * The UNKNOWN numbers are refused. list_out is required and gets the list; free
 * it with dstfa_account_list_free().
 *
 * Returns DSTFA_OK or DSTFA_E_ARGUMENT; then applied is DSTFA_APPLIED_NO.
 */
dstfa_status dstfa_client_list_accounts(const dstfa_client *client,
                                        const char *text,
                                        int32_t status,
                                        int32_t role,
                                        dstfa_account_list **list_out,
                                        dstfa_error **error_out);

/**
 * The next account of the list. Reads only. Accounts come in pages of up to a
 * hundred; a new page is a call to the portal with a deadline of its own, the
 * other times nothing is sent.
 *
 * cancel may be NULL. account_out is required: with DSTFA_OK it gets an
 * account, to be freed with dstfa_account_free(), and NULL otherwise. Returns
 * DSTFA_DONE when there is no account left; account and error are both NULL
 * then. Any other status is a failure; applied is DSTFA_APPLIED_NO. Calling
 * again after one goes on with the page that did not come, or with what follows
 * an account that could not be read. A page that is too long, or that the portal
 * or something in front of it found no time for, is asked for in halves; after
 * DSTFA_E_TIMEOUT that begins with the next call.
 *
 * A list is who was there at the moment of reading, and not more: a portal shows
 * one page at a time, and people come and go in between. Accounts are asked for
 * in the order of their e-mail addresses, and each page begins with the last
 * account of the one before. Where it does not, or where the total is another,
 * the list is begun anew, at most twice; accounts that were given already are
 * left out. After that it goes on, and dstfa_account_list_changed() is 1. No
 * account comes twice. Accounts without an e-mail address have no order among
 * themselves, and portals before 2.5 know no order by address: there most
 * changes are noticed, not all.
 */
dstfa_status dstfa_account_list_next(dstfa_account_list *list,
                                     const dstfa_cancel *cancel,
                                     dstfa_account **account_out,
                                     dstfa_error **error_out);

/**
 * How many accounts the portal said the list has when it gave the last page, at
 * most 2147483647; 0 before the first dstfa_account_list_next(). Fewer may come.
 * NULL gives 0.
 */
uint32_t dstfa_account_list_total(const dstfa_account_list *list);

/**
 * 1 if the list changed while it was read, again after it was begun anew twice:
 * somebody who is on the portal may be missing. Else 0: as far as the portal's
 * pages show, everybody came who was there throughout. Ask after DSTFA_DONE.
 * NULL gives 0.
 */
int32_t dstfa_account_list_changed(const dstfa_account_list *list);

/**
 * Frees the list; NULL does nothing. The accounts it gave stay valid.
 */
void dstfa_account_list_free(dstfa_account_list *list);

/**
 * Frees the account and its strings; NULL does nothing. Not for accounts from
 * dstfa_check_account().
 */
void dstfa_account_free(dstfa_account *account);

/**
 * The id, a hyphenated GUID in lower case: what the other calls take as
 * account_id. Owned by the account, never NULL. NULL gives "".
 */
const char *dstfa_account_id(const dstfa_account *account);

/**
 * The e-mail address; "" if the account has none. Owned by the account, never
 * NULL. NULL gives "".
 */
const char *dstfa_account_email(const dstfa_account *account);

/**
 * The user name. Owned by the account, never NULL. NULL gives "".
 */
const char *dstfa_account_user_name(const dstfa_account *account);

/**
 * First and last name, as the portal joins them. Owned by the account, never
 * NULL. NULL gives "".
 */
const char *dstfa_account_display_name(const dstfa_account *account);

/**
 * Whether the account may be used, one of DSTFA_ACCOUNT_*. NULL gives
 * DSTFA_ACCOUNT_UNKNOWN.
 */
int32_t dstfa_account_status(const dstfa_account *account);

/**
 * What the account may do, one of DSTFA_ROLE_*. NULL gives DSTFA_ROLE_UNKNOWN.
 */
int32_t dstfa_account_role(const dstfa_account *account);

/**
 * 1 if the account is the portal's owner, else 0. NULL gives 0.
 */
int32_t dstfa_account_is_owner(const dstfa_account *account);

/**
 * Whether the account comes from single sign-on (SSO): DSTFA_YES, DSTFA_NO, or
 * DSTFA_UNKNOWN if the portal does not say. Signing in that way asks for no
 * second factor, whatever the portal's method is and whether an app is linked
 * or not. Three-valued: compare. NULL gives DSTFA_UNKNOWN.
 */
int32_t dstfa_account_is_sso(const dstfa_account *account);

/**
 * Whether the account comes from a directory (LDAP): DSTFA_YES, DSTFA_NO, or
 * DSTFA_UNKNOWN if the portal does not say. Its sign-in asks for a second factor
 * like any other with a password. Three-valued: compare. NULL gives
 * DSTFA_UNKNOWN.
 */
int32_t dstfa_account_is_ldap(const dstfa_account *account);

/**
 * Whether an authenticator app is linked: DSTFA_YES, DSTFA_NO, or DSTFA_UNKNOWN
 * if the portal does not show it. Portals show it from 3.1 on, to owner and
 * administrators only, and only while their own method is the app. Where the
 * portal's parts share no cache it may be up to five minutes old. Three-valued:
 * compare. NULL gives DSTFA_UNKNOWN.
 */
int32_t dstfa_account_app_link(const dstfa_account *account);

/** @} */

/** @defgroup check Check
 * What a change would meet, without changing anything.
 * @{ */

/**
 * Looks what dstfa_client_change_method() would meet. Nothing is changed. At most
 * four things are read: the key's scopes, the caller, the account and the
 * portal's setting. A read that fails on its way is repeated where that may help,
 * see dstfa_options_set_max_attempts().
 *
 * account_id is the hyphenated GUID of the account. cancel may be NULL.
 * check_out is required and gets what was found; free it with
 * dstfa_check_free(). What the portal does not show this credential is
 * unknown, and no failure.
 *
 * Returns DSTFA_E_ARGUMENT and what every call to the portal can; then applied
 * is DSTFA_APPLIED_NO. An account that does not exist is not a failure but an
 * answer: see dstfa_check_reason().
 */
dstfa_status dstfa_client_check(const dstfa_client *client,
                                const char *account_id,
                                const dstfa_cancel *cancel,
                                dstfa_check **check_out,
                                dstfa_error **error_out);

/**
 * Frees the check, its strings and its account; NULL does nothing.
 */
void dstfa_check_free(dstfa_check *check);

/**
 * Whether the change would be done: DSTFA_YES, DSTFA_NO, or DSTFA_UNKNOWN if
 * the portal does not show enough to tell. Three-valued: compare. NULL gives
 * DSTFA_UNKNOWN.
 */
int32_t dstfa_check_would_apply(const dstfa_check *check);

/**
 * Why the change would not be done or why that is not known, one of
 * DSTFA_REASON_*; DSTFA_REASON_NONE if it would be done. NULL gives
 * DSTFA_REASON_NONE.
 */
int32_t dstfa_check_reason(const dstfa_check *check);

/**
 * Whether the account is the caller's own: DSTFA_YES, DSTFA_NO or
 * DSTFA_UNKNOWN. Three-valued: compare. NULL gives DSTFA_UNKNOWN.
 */
int32_t dstfa_check_is_self(const dstfa_check *check);

/**
 * Whether an authenticator app is linked to the account: DSTFA_YES, DSTFA_NO,
 * or DSTFA_UNKNOWN if the portal does not show it. Three-valued: compare. NULL
 * gives DSTFA_UNKNOWN.
 */
int32_t dstfa_check_app_link(const dstfa_check *check);

/**
 * The portal's own method, DSTFA_METHOD_*; DSTFA_METHOD_UNKNOWN if the portal
 * does not show it. NULL gives DSTFA_METHOD_UNKNOWN.
 */
int32_t dstfa_check_portal_method(const dstfa_check *check);

/**
 * What the account meets at its next sign-in, one of DSTFA_NEXT_*: after the
 * change, or as it is now where the change would be refused. NULL gives
 * DSTFA_NEXT_UNKNOWN.
 */
int32_t dstfa_check_next_sign_in(const dstfa_check *check);

/**
 * Whether the login URL that a change returns would be of any use: DSTFA_YES,
 * DSTFA_NO or DSTFA_UNKNOWN. It is only for the caller's own account, if the
 * change is done, and while the portal's method is the app. Three-valued:
 * compare. NULL gives DSTFA_UNKNOWN.
 */
int32_t dstfa_check_url_useful(const dstfa_check *check);

/**
 * All of it in words: English, UTF-8, one line, without secrets. Owned by the
 * check, never NULL. NULL gives "".
 */
const char *dstfa_check_message(const dstfa_check *check);

/**
 * The account, NULL if it does not exist or the caller may not see it. Owned
 * by the check: it lives as long, and dstfa_account_free() is not for it. NULL
 * gives NULL.
 */
const dstfa_account *dstfa_check_account(const dstfa_check *check);

/** @} */

/** @defgroup change Change
 * Changing one account, and what came of it.
 * @{ */

/**
 * Changes the two-factor method of one account.
 *
 * Portals unlink the account's authenticator app whatever the method asked
 * for, end the sessions of the account, and are asked to mail the member
 * unless it is the caller's own account. The portal-wide setting then decides
 * what the account meets at its next sign-in. Only the portal's owner may
 * change others. The account's API keys and OAuth tokens stay as they are.
 *
 * A change that succeeds is one request, unless dstfa_options_set_verify() is
 * on. DSTFA_OK with DSTFA_APPLIED_YES is the portal's word. It is no proof: a
 * save that failed there is not told. Only a look can show that, and a look
 * never takes a YES back: what it shows may be five minutes old, or the app was
 * linked again.
 *
 * The steps are not one: a change may stop after the app is unlinked and before
 * the sessions are ended. dstfa_client_end_sessions() does that then; a second
 * change cannot, for it finds no app linked and is refused. Workspace ends
 * nobody's sessions, and DocSpace 1.0 not those of others: see
 * dstfa_change_sessions_ended().
 *
 * After a refusal at most three reads look for the reason, see
 * dstfa_options_set_explain(). After an answer that was lost or does not tell,
 * the account is looked at: at once, after 1 s and after 4 s, and where nobody
 * answered those, after 10, 20 and 40 s, until the deadline, and not after a
 * cancel. If the app is unlinked then, that is DSTFA_OK with
 * DSTFA_APPLIED_MAYBE; after what may have been a refusal it is the error, with
 * DSTFA_APPLIED_MAYBE and a dstfa_error_app_link() of DSTFA_NO. Either way it
 * is not known whether this call did it, nor whether the sessions were ended:
 * end them. The portal's audit trail may know, see dstfa_options_set_audit().
 *
 * DSTFA_APPLIED_NO after the request has left is the word of an answer, and
 * something in between can use the same words after the portal has done it: a
 * gateway that sends the request a second time, which is then refused as not
 * linked; a gateway whose error page for a lost answer is a page with 403 or
 * most other statuses from 400 on, a 429, a 301 to this path of another host, or
 * a 302 from http to https; one whose error page comes with 404 or 405 for as
 * long as the portal stays away. So can a portal on PostgreSQL whose database
 * breaks off half-way. dstfa_client_change_method_checked() notices.
 *
 * Sending, with all its tries, ends a quarter of timeout_ms (5 s at most) before
 * the deadline. If no byte has left by then, the call ends; else what remains is
 * there for looking at the account.
 *
 * account_id is the hyphenated GUID of the account. method is
 * DSTFA_METHOD_NONE, DSTFA_METHOD_SMS or DSTFA_METHOD_APP. cancel may be NULL;
 * otherwise it must live until the call returns. change_out may be NULL; it
 * gets the result, to be freed with dstfa_change_free().
 *
 * Blocks for timeout_ms at most. Can return every DSTFA_E_* but
 * DSTFA_E_STATE, DSTFA_E_UNSUPPORTED, DSTFA_E_UNVERIFIED, DSTFA_E_IO,
 * DSTFA_E_BUSY and DSTFA_E_JOURNAL; then dstfa_error_applied() says whether the
 * account was changed all the same. A host that leads to no portal answers an API
 * key like a portal that failed: that is DSTFA_E_NOT_FOUND with
 * DSTFA_REASON_PORTAL_NOT_FOUND and DSTFA_APPLIED_MAYBE.
 */
dstfa_status dstfa_client_change_method(const dstfa_client *client,
                                        const char *account_id,
                                        int32_t method,
                                        const dstfa_cancel *cancel,
                                        dstfa_change **change_out,
                                        dstfa_error **error_out);

/**
 * dstfa_client_change_method() for the account of a check, which is handed on
 * with what it saw and when.
 *
 * Something in between, or a portal that fails half-way, can make a change that
 * was done look like a refusal: see dstfa_client_change_method(). So where the
 * check saw the app linked, at most 60 s before the change is sent, an answer
 * that says no is followed by one look at the account. If the app is unlinked
 * now, applied is DSTFA_APPLIED_MAYBE and dstfa_error_app_link() is DSTFA_NO: end
 * the sessions. If it is not shown any more, applied is DSTFA_APPLIED_MAYBE, too.
 * The no stands if the app is still linked, or if the look meets the very refusal
 * that the portal gives to every request, as 429 or a bad key. After a 429 the
 * look comes before the next try.
 *
 * An older check, or one that did not see the app linked, counts as none. It is
 * no guard: what the check advised is not judged.
 *
 * check is required, of the same portal, and is only read; another caller's
 * will do. The rest is as for dstfa_client_change_method(). Returns
 * DSTFA_E_ARGUMENT also for a check of another portal.
 */
dstfa_status dstfa_client_change_method_checked(const dstfa_client *client,
                                                const dstfa_check *check,
                                                int32_t method,
                                                const dstfa_cancel *cancel,
                                                dstfa_change **change_out,
                                                dstfa_error **error_out);

/**
 * Frees the change and wipes its strings; NULL does nothing.
 */
void dstfa_change_free(dstfa_change *change);

/**
 * The URL the portal handed out, cleaned and cut to 4096 bytes; "" unless the
 * account is the caller's own. Treat it as a secret. It is not followed and
 * does nothing in another browser: the portal's plain address leads the user
 * to the same place. Owned by the change, never NULL. NULL gives "".
 */
const char *dstfa_change_login_url(const dstfa_change *change);

/**
 * 1 if the login URL has the scheme, host and port of the portal, else 0; do
 * not offer it as a link then. NULL gives 0.
 */
int32_t dstfa_change_login_url_same_origin(const dstfa_change *change);

/**
 * The login URL together with its one-hour key: whoever holds it links their
 * own app to the account. "" unless asked for with
 * dstfa_options_set_enrolment_url() and the account is the caller's own.
 * Owned by the change, never NULL. NULL gives "".
 */
const char *dstfa_change_enrolment_url(const dstfa_change *change);

/**
 * The id of the account, in lower case. Owned by the change, never NULL. NULL
 * gives "".
 */
const char *dstfa_change_account_id(const dstfa_change *change);

/**
 * The method the call asked for, DSTFA_METHOD_*; not what the portal set.
 * NULL gives DSTFA_METHOD_UNKNOWN.
 */
int32_t dstfa_change_method_asked(const dstfa_change *change);

/**
 * Whether the account is the caller's own: DSTFA_YES, DSTFA_NO, or
 * DSTFA_UNKNOWN if the answer did not tell. Three-valued: compare. NULL gives
 * DSTFA_UNKNOWN.
 */
int32_t dstfa_change_is_self(const dstfa_change *change);

/**
 * DSTFA_APPLIED_YES: the portal says that it did it, in its answer or, with
 * dstfa_options_set_audit(), in its audit trail. DSTFA_APPLIED_MAYBE: the
 * answer was lost or did not tell, and the account was seen without a linked app
 * afterwards; nothing proves that this call did it, and nothing is known of its
 * sessions: end them with dstfa_client_end_sessions(). Three-valued: compare.
 * NULL gives DSTFA_APPLIED_MAYBE.
 */
int32_t dstfa_change_applied(const dstfa_change *change);

/**
 * 1 if the account was seen without a linked app afterwards, else 0: nobody
 * looked, it is not shown, or it is still shown as linked, see
 * dstfa_change_look_again_ms(). NULL gives 0.
 */
int32_t dstfa_change_verified(const dstfa_change *change);

/**
 * DSTFA_YES if the portal says that it ended the account's sessions, else
 * DSTFA_UNKNOWN: end them with dstfa_client_end_sessions(). YES is the portal's
 * word. Where its parts share no cache, an old session may work for ten minutes
 * more; DocSpace 1.0 says so of others without doing it; API keys and OAuth
 * tokens live on. Workspace ends nobody's and gives DSTFA_UNKNOWN. Of the
 * caller's own account the former sessions were ended, and a new one
 * was opened that nobody holds. Three-valued: compare. NULL gives
 * DSTFA_UNKNOWN.
 */
int32_t dstfa_change_sessions_ended(const dstfa_change *change);

/**
 * How many milliseconds after the end of the call another look at the account
 * can tell more; 0 if there is no reason to look again. The portal said that it
 * was done and still showed the account as linked, which it may do for five
 * minutes where its parts share no cache. NULL gives 0.
 */
uint32_t dstfa_change_look_again_ms(const dstfa_change *change);

/**
 * What the account meets at its next sign-in, one of DSTFA_NEXT_*;
 * DSTFA_NEXT_UNKNOWN where only the portal's own setting could tell: it is read
 * only by dstfa_options_set_verify(), once the app is seen unlinked. NULL gives
 * DSTFA_NEXT_UNKNOWN.
 */
int32_t dstfa_change_next_sign_in(const dstfa_change *change);

/**
 * The HTTP status of the portal's answer; 0 where a look at the account or the
 * audit trail stands in its place. NULL gives 0.
 */
int32_t dstfa_change_http_status(const dstfa_change *change);

/**
 * How often the change was tried: failed connections count, reads do not.
 * NULL gives 0.
 */
uint32_t dstfa_change_attempts(const dstfa_change *change);

/**
 * What happened and what comes next: English, UTF-8, one line, without
 * secrets. Owned by the change, never NULL. NULL gives "".
 */
const char *dstfa_change_message(const dstfa_change *change);

/** @} */

/** @defgroup sessions Sessions
 * Ending those of an account.
 * @{ */

/**
 * Ends every session of an account: whoever is signed in as it, on any device,
 * has to sign in again. Portals do this with a change, too. Where it is not
 * known whether a change came so far, this is the repair: a second
 * dstfa_client_change_method() finds no app linked and is refused.
 *
 * account_id is the hyphenated GUID of the account. cancel may be NULL;
 * otherwise it must live until the call returns. The caller and the account
 * are read first, because portals report success for an id that is nobody's.
 * Owner and DocSpace administrators may end anybody's sessions, and everybody
 * its own. Portals up to 3.6.1 let administrators alone do it, and from 2.0.2
 * on to no other administrator: there not even the owner can.
 *
 * DSTFA_OK means that the portal says it ended them. In the process that
 * answered they have ended at once; elsewhere an old session can work for up to
 * ten minutes on a portal without Redis. Sessions that began while the portal
 * kept no history of sign-ins can outlast it, and so can all of them where the
 * portal fails to store what it said. API keys and OAuth tokens of the account
 * stay good, and a linked app stays linked. For the caller's own account the
 * portal opens a new session, which nobody holds; a session token that the
 * client was made with ends with the others.
 *
 * When the answer is lost, the request is sent once more, unless only one
 * attempt is allowed. For the caller's own account it is never sent again once
 * a byte has left, because each time opens one more session.
 *
 * Returns DSTFA_E_NOT_FOUND with DSTFA_REASON_NO_SUCH_ACCOUNT for an id that
 * is nobody's; nothing was asked to end then. DSTFA_E_REJECTED comes with
 * DSTFA_REASON_NOT_ADMIN, or with DSTFA_REASON_UNKNOWN and a message that says
 * who can do it instead; DSTFA_E_FORBIDDEN with DSTFA_REASON_MISSING_SCOPE for
 * a key that lacks the scope "*:write". It can return what every call to the
 * portal can; dstfa_error_applied() then says whether the sessions may have
 * been ended all the same.
 */
dstfa_status dstfa_client_end_sessions(const dstfa_client *client,
                                       const char *account_id,
                                       const dstfa_cancel *cancel,
                                       dstfa_error **error_out);

/** @} */

/** @defgroup errors Errors
 * What a failed call tells, and words for statuses and reasons.
 * @{ */

/**
 * Frees the error and its strings; NULL does nothing.
 */
void dstfa_error_free(dstfa_error *error);

/**
 * The status the call returned, one of DSTFA_E_*. NULL gives
 * DSTFA_E_INTERNAL.
 */
dstfa_status dstfa_error_status(const dstfa_error *error);

/**
 * The HTTP status of the answer that decided, 0 if there was none. NULL
 * gives 0.
 */
int32_t dstfa_error_http_status(const dstfa_error *error);

/**
 * Whether the call changed something although it failed - the account, its
 * sessions, the portal's setting, the backup codes: DSTFA_APPLIED_NO,
 * DSTFA_APPLIED_YES, or DSTFA_APPLIED_MAYBE when the request left this machine
 * and its fate is not known. Calls that only read give DSTFA_APPLIED_NO. What NO
 * leaves open for a change stands at dstfa_client_change_method(). Three-valued:
 * compare. NULL gives DSTFA_APPLIED_MAYBE.
 *
 * After MAYBE do not simply repeat the call: look first, at an account whether
 * it is still linked. If dstfa_error_app_link() is DSTFA_NO, it is unlinked
 * already: end its sessions. The message says what to do.
 */
int32_t dstfa_error_applied(const dstfa_error *error);

/**
 * Why the portal said no, one of DSTFA_REASON_*; DSTFA_REASON_NONE where the
 * status says it all. NULL gives DSTFA_REASON_NONE.
 */
int32_t dstfa_error_reason(const dstfa_error *error);

/**
 * 1 if nothing was changed and the same call may succeed later, else 0. NULL
 * gives 0.
 */
int32_t dstfa_error_retryable(const dstfa_error *error);

/**
 * How many milliseconds the portal asked to wait before the next try; 0 if it
 * did not say. The message names it, too. At most 2147483647. NULL gives 0.
 */
uint32_t dstfa_error_retry_after_ms(const dstfa_error *error);

/**
 * How often the change was tried: failed connections count, reads do not. 0
 * if it was not tried at all. NULL gives 0.
 */
uint32_t dstfa_error_attempts(const dstfa_error *error);

/**
 * Whether an authenticator app was linked to the account when it was looked at
 * after a change with an open outcome: DSTFA_YES, DSTFA_NO, or DSTFA_UNKNOWN if
 * nobody looked or it could not be seen. NO: it is unlinked now, whether by this
 * call is not known, nor whether its sessions were ended: end them. YES may be up
 * to five minutes old: see dstfa_error_look_again_ms(). Three-valued: compare.
 * NULL gives DSTFA_UNKNOWN.
 */
int32_t dstfa_error_app_link(const dstfa_error *error);

/**
 * How many milliseconds after the end of the call another look at the account
 * can tell more; 0 if there is no reason to look again. It was still shown as
 * linked, which may be up to five minutes old where the portal's parts share no
 * cache, or the change may take effect late. NULL gives 0.
 */
uint32_t dstfa_error_look_again_ms(const dstfa_error *error);

/**
 * What went wrong and what to do next: English, UTF-8, one line, without
 * secrets. Owned by the error, never NULL. NULL gives "".
 */
const char *dstfa_error_message(const dstfa_error *error);

/**
 * What the portal itself said, in a language of its choice, cleaned of
 * control characters and cut to 512 bytes; "" if it said nothing. Show it,
 * never branch on it. Owned by the error, never NULL. NULL gives "".
 */
const char *dstfa_error_portal_message(const dstfa_error *error);

/**
 * The macro that stands for a status, "DSTFA_OK" for example; "DSTFA_E_?" for
 * a number that is none. Static, never NULL.
 */
const char *dstfa_status_name(dstfa_status status);

/**
 * One English sentence about a status, whatever the number; for a particular
 * failure dstfa_error_message() says more. Static, never NULL.
 */
const char *dstfa_status_message(dstfa_status status);

/**
 * The macro that stands for a reason, "DSTFA_REASON_NONE" for example;
 * "DSTFA_REASON_?" for a number that is none. Static, never NULL.
 */
const char *dstfa_reason_name(int32_t reason);

/**
 * One English sentence about a reason, whatever the number. Static, never
 * NULL.
 */
const char *dstfa_reason_message(int32_t reason);

/** @} */

/** @defgroup bulk Many accounts
 * Changing them one after another, with a journal, and what came of each.
 * @{ */

/**
 * Makes a bulk that changes the two-factor method of many accounts, each as
 * dstfa_client_change_method() does. Nothing is sent.
 *
 * method is DSTFA_METHOD_NONE, DSTFA_METHOD_SMS or DSTFA_METHOD_APP. bulk_out
 * is required and gets the bulk; free it with dstfa_bulk_free(). Returns
 * DSTFA_OK or DSTFA_E_ARGUMENT; then applied is DSTFA_APPLIED_NO.
 */
dstfa_status dstfa_bulk_new(const dstfa_client *client,
                            int32_t method,
                            dstfa_bulk **bulk_out,
                            dstfa_error **error_out);

/**
 * Frees the bulk and closes its journal; NULL does nothing. Not while it runs,
 * so not in its callback. The items it gave stay valid.
 */
void dstfa_bulk_free(dstfa_bulk *bulk);

/**
 * Adds an entry: an account id or an e-mail address. An account that is there
 * already is taken, too, and skipped when its turn comes.
 *
 * index_out may be NULL; it gets the place of the entry, from 0, and 0 on
 * failure.
 */
dstfa_status dstfa_bulk_add(dstfa_bulk *bulk,
                            const char *id_or_email,
                            uint32_t *index_out,
                            dstfa_error **error_out);

/**
 * How many connections are used at once: 1 to 15. Default 4.
 */
dstfa_status dstfa_bulk_set_parallel(dstfa_bulk *bulk,
                                     uint32_t connections,
                                     dstfa_error **error_out);

/**
 * How many requests a minute the portal allows, reads included; an entry takes
 * about one where pages show the accounts, two at most, and more where a refusal
 * is explained or an outcome is open. Default 1500; 0: no limit but the portal's
 * own.
 */
dstfa_status dstfa_bulk_set_requests_per_minute(dstfa_bulk *bulk,
                                                uint32_t requests,
                                                dstfa_error **error_out);

/**
 * How many changes are asked for in 24 hours, those in the journal included.
 * When they are used up the run ends with DSTFA_E_RATE_LIMITED and
 * DSTFA_REASON_DAILY_LIMIT. Default 10000; 0: no limit but the portal's own.
 */
dstfa_status dstfa_bulk_set_writes_per_day(dstfa_bulk *bulk,
                                           uint32_t writes,
                                           dstfa_error **error_out);

/**
 * 1: looks at every account and changes none; a journal is read and not
 * written. 0 (default): changes. Other numbers are refused. To be set before
 * the journal, else DSTFA_E_STATE.
 */
dstfa_status dstfa_bulk_set_dry_run(dstfa_bulk *bulk,
                                    int32_t enabled,
                                    dstfa_error **error_out);

/**
 * 1: changes the caller's own account, too, if it is in the list, which ends
 * the caller's sessions. 0 (default): it is skipped. Other numbers are refused.
 */
dstfa_status dstfa_bulk_set_include_self(dstfa_bulk *bulk,
                                         int32_t enabled,
                                         dstfa_error **error_out);

/**
 * 1: asks again for changes of which a former run could not tell whether they
 * were made, and for those refused; somebody who has linked an app again since is
 * unlinked once more. 0 (default): they stay as they are. Other numbers are
 * refused.
 */
dstfa_status dstfa_bulk_set_retry_unknown(dstfa_bulk *bulk,
                                          int32_t enabled,
                                          dstfa_error **error_out);

/**
 * Whether accounts are looked at once they are answered. 0 (default): not. 1:
 * those of a page together, one more request for about a hundred, and each is
 * handed out after that; what is still shown as linked is looked at once more at
 * the end, if five minutes have passed by then. 2: the end waits for that. A look
 * never takes the portal's word back, and settles what was unknown. Other numbers
 * are refused. The client's dstfa_options_set_verify() has no say here.
 */
dstfa_status dstfa_bulk_set_verify(dstfa_bulk *bulk,
                                   uint32_t level,
                                   dstfa_error **error_out);

/**
 * Opens, locks and reads the journal at path; a missing one is made when the run
 * begins. The run goes on where it ends, so a run may be killed at any moment and
 * be taken up again: nobody is asked for twice, whatever the clock says and
 * whoever has linked an app again since. What was under way is settled by the
 * portal's audit trail (dstfa_options_set_audit()) or by being seen unlinked; else
 * it is DSTFA_ITEM_UNKNOWN, and asked for only with
 * dstfa_bulk_set_retry_unknown(). path is UTF-8 on every system. The journal holds
 * entries as they were added: e-mail addresses are personal data. It holds no
 * secret.
 *
 * DSTFA_E_BUSY if another run uses it; DSTFA_E_JOURNAL if it is damaged, no
 * journal, or of another portal, method or format (that it is of another caller is
 * told when the run begins), and nothing in it is changed; DSTFA_E_ARGUMENT if it is
 * a link, no regular file, or another user's or open to others (not looked at on
 * Windows); DSTFA_E_IO if it cannot be read or written; DSTFA_E_STATE if there is
 * one already.
 */
dstfa_status dstfa_bulk_set_journal(dstfa_bulk *bulk,
                                    const char *path,
                                    dstfa_error **error_out);

/**
 * Works until at least one more entry is finished, and hands it out. As many
 * entries are worked on as there are connections; no thread is left when the
 * call returns.
 *
 * cancel may be NULL. item_out is required: with DSTFA_OK it gets the item, to
 * be freed with dstfa_bulk_item_free(), and NULL otherwise. Returns DSTFA_DONE
 * when every entry is finished; item and error are both NULL then. Any other
 * status is a failure of the run: DSTFA_E_CANCELLED after cancelling,
 * DSTFA_E_STATE if it is running already, DSTFA_E_IO if the journal cannot be
 * written, DSTFA_E_UNAVAILABLE if the portal is in trouble (come back after
 * dstfa_error_retry_after_ms()), and what every call to the portal can. Entries
 * that were under way are handed out before that.
 */
dstfa_status dstfa_bulk_step(dstfa_bulk *bulk,
                             const dstfa_cancel *cancel,
                             dstfa_bulk_item **item_out,
                             dstfa_error **error_out);

/**
 * Works until every entry is finished and tells each to callback, which may be
 * NULL. All connections are kept busy; no thread is left when the call returns.
 *
 * The callback runs on the calling thread only. user_data is handed on as it is
 * and may be NULL. The item ends with the callback. The callback may read the
 * numbers of the bulk and call with other objects; it must not free the bulk,
 * and it must return: no exception and no longjmp may leave it. To end the run
 * early, request the cancel object there. cancel may be NULL.
 *
 * Returns DSTFA_OK when every entry is finished, whatever became of it: see
 * dstfa_bulk_count(). Failures are those of dstfa_bulk_step(). The deadline of
 * the client holds for each read and each change, not for the run.
 */
dstfa_status dstfa_bulk_run(dstfa_bulk *bulk,
                            const dstfa_cancel *cancel,
                            dstfa_bulk_fn callback,
                            void *user_data,
                            dstfa_error **error_out);

/**
 * Begins no new entry and lets what is under way finish, for good; every pause and
 * the wait for looks end. dstfa_bulk_run() and dstfa_bulk_step() then hand out
 * what was under way and return DSTFA_E_CANCELLED with DSTFA_APPLIED_NO. May be
 * called from any thread and from a signal handler, any number of times. NULL does
 * nothing. A cancel object cuts what is under way.
 */
void dstfa_bulk_stop(const dstfa_bulk *bulk);

/**
 * What the run is at, one of DSTFA_PHASE_*. NULL gives DSTFA_PHASE_IDLE.
 */
int32_t dstfa_bulk_phase(const dstfa_bulk *bulk);

/**
 * How long a pause or the wait for the last look still takes, in milliseconds.
 * NULL gives 0.
 */
uint32_t dstfa_bulk_wait_ms(const dstfa_bulk *bulk);

/**
 * How many of those applied were still linked in the look at the end: the portal
 * did not save it, or the app was linked again since. NULL gives 0.
 */
uint32_t dstfa_bulk_still_linked(const dstfa_bulk *bulk);

/**
 * Ends the sessions of every account that the journal of the bulk shows as
 * changed, or perhaps changed, and whose sessions are not known to be ended: as
 * dstfa_client_end_sessions() does, one after another. Who was seen linked after
 * the answer is left out, unless dstfa_bulk_set_retry_unknown() is on: also those
 * seen linked since. No entries need be added, and no account is changed.
 *
 * Each account is told to callback, which may be NULL, under the rules of
 * dstfa_bulk_run(). Its outcome is that of this call: DSTFA_ITEM_APPLIED if the
 * portal says that it ended them, DSTFA_ITEM_REFUSED if it did not,
 * DSTFA_ITEM_UNKNOWN, or DSTFA_ITEM_SKIPPED for the caller's own account. That one
 * is left out unless dstfa_bulk_set_include_self() is on; it comes last, and is
 * asked for once only, because each time opens one more session. The numbers of
 * the bulk stay as they are. cancel may be NULL.
 *
 * The journal has to be of this portal, but may be another caller's. It is written
 * to, so that the call may be stopped and repeated: the next one goes on with what
 * is left. Returns DSTFA_OK when each account was told; DSTFA_E_IO if no run has
 * begun with the journal, or it cannot be written; DSTFA_E_STATE if there is no
 * journal, for a dry run, or once a run has begun; DSTFA_E_CANCELLED after
 * cancelling or dstfa_bulk_stop(); DSTFA_E_UNAVAILABLE after five in a row that the
 * portal neither did nor refused; and what every call to the portal can.
 */
dstfa_status dstfa_bulk_end_sessions(dstfa_bulk *bulk,
                                     const dstfa_cancel *cancel,
                                     dstfa_bulk_fn callback,
                                     void *user_data,
                                     dstfa_error **error_out);

/**
 * How many entries there are. NULL gives 0.
 */
uint32_t dstfa_bulk_total(const dstfa_bulk *bulk);

/**
 * How many entries came to item_outcome, one of DSTFA_ITEM_*; 0 for other
 * numbers. NULL gives 0.
 */
uint32_t dstfa_bulk_count(const dstfa_bulk *bulk, int32_t item_outcome);

/**
 * How many entries are not finished. NULL gives 0.
 */
uint32_t dstfa_bulk_remaining(const dstfa_bulk *bulk);

/**
 * How long the run has worked, in milliseconds, the time between two steps left
 * out; at most 2147483647. NULL gives 0.
 */
uint32_t dstfa_bulk_elapsed_ms(const dstfa_bulk *bulk);

/**
 * How long the entries not finished will take, in milliseconds; 0 if that is
 * not known yet, or if there is none; at most 2147483647. NULL gives 0.
 */
uint32_t dstfa_bulk_estimate_ms(const dstfa_bulk *bulk);

/**
 * Frees the item, its strings, its change and its error; NULL does nothing.
 * Only for items from dstfa_bulk_step() and dstfa_journal_next().
 */
void dstfa_bulk_item_free(dstfa_bulk_item *item);

/**
 * The place of the entry in the list, from 0, as dstfa_bulk_add() gave it. NULL
 * gives 0.
 */
uint32_t dstfa_bulk_item_index(const dstfa_bulk_item *item);

/**
 * The entry as it was added: an account id or an e-mail address. Owned by the
 * item, never NULL. NULL gives "".
 */
const char *dstfa_bulk_item_entry(const dstfa_bulk_item *item);

/**
 * The id of the account, in lower case; "" if it was not found out. Owned by
 * the item, never NULL. NULL gives "".
 */
const char *dstfa_bulk_item_account_id(const dstfa_bulk_item *item);

/**
 * What became of the entry, one of DSTFA_ITEM_*. NULL gives
 * DSTFA_ITEM_UNKNOWN.
 */
int32_t dstfa_bulk_item_outcome(const dstfa_bulk_item *item);

/**
 * 1 if the journal of a former run decided and this one asked for no change,
 * else 0. A skipped item from the journal was applied then if it has no error,
 * and refused if it has one. NULL gives 0.
 */
int32_t dstfa_bulk_item_from_journal(const dstfa_bulk_item *item);

/**
 * Whether the account's sessions are ended: DSTFA_YES if the portal says that it
 * ended them with the change or afterwards; DSTFA_NO if it did not when
 * dstfa_bulk_end_sessions() asked; DSTFA_UNKNOWN otherwise. NULL gives
 * DSTFA_UNKNOWN.
 */
int32_t dstfa_bulk_item_sessions_ended(const dstfa_bulk_item *item);

/**
 * The change of an applied entry, else NULL. NULL also for an applied entry that
 * has an error, see dstfa_bulk_item_error(). Owned by the item: it lives as
 * long, and dstfa_change_free() is not for it. NULL gives NULL.
 */
const dstfa_change *dstfa_bulk_item_change(const dstfa_bulk_item *item);

/**
 * Why the entry was refused or is unknown, else NULL. An applied entry has one
 * where the change failed or was refused and the app is unlinked now:
 * dstfa_error_applied() is DSTFA_APPLIED_MAYBE and its sessions are to be ended.
 * Owned by the item: it lives as long, and dstfa_error_free() is not for it. NULL
 * gives NULL.
 */
const dstfa_error *dstfa_bulk_item_error(const dstfa_bulk_item *item);

/** @} */

/** @defgroup journal Journal
 * Reading what a bulk wrote down, and salvaging a damaged one.
 * @{ */

/**
 * Reads the journal at path, UTF-8 on every system. Nothing is sent and nothing
 * written. It takes no lock, so that it may be read while a run goes on: what is
 * told is what was known at that moment. A damaged journal is read up to the
 * damage, see dstfa_journal_damage_line().
 *
 * journal_out is required and gets the journal; free it with
 * dstfa_journal_free(). Returns DSTFA_OK, DSTFA_E_ARGUMENT, DSTFA_E_IO if it
 * cannot be read, or DSTFA_E_JOURNAL if it does not begin as a journal does or is
 * of another format; then applied is DSTFA_APPLIED_NO.
 */
dstfa_status dstfa_journal_open(const char *path,
                                dstfa_journal **journal_out,
                                dstfa_error **error_out);

/**
 * The next entry, in the order in which the journal names them first; entries
 * that were never begun are not in it. An entry is applied, refused - its error
 * is retryable where a run that goes on judges it anew - or unknown, which it is
 * too while its change is under way.
 *
 * item_out is required: with DSTFA_OK it gets the item, to be freed with
 * dstfa_bulk_item_free(), and NULL otherwise. dstfa_bulk_item_index() is its
 * place in the journal, and dstfa_bulk_item_entry() the e-mail address as it
 * stands there, or else the id. Returns DSTFA_DONE when there is no entry left;
 * item and error are both NULL then.
 */
dstfa_status dstfa_journal_next(dstfa_journal *journal,
                                dstfa_bulk_item **item_out,
                                dstfa_error **error_out);

/**
 * The line from which on the journal is damaged, counted from 1; 0 if all of it
 * was read. The beginning of a last line, cut off when a run was killed, is no
 * damage. NULL gives 0.
 */
uint32_t dstfa_journal_damage_line(const dstfa_journal *journal);

/**
 * Frees the journal; NULL does nothing. The items it gave stay valid.
 */
void dstfa_journal_free(dstfa_journal *journal);

/**
 * Copies the sound lines of the damaged journal at old_path to new_path, where
 * there must be nothing. The old one is left as it is. A run that goes on with
 * the new one takes from it only what is known to be settled: every other entry
 * of its list, one that was never begun too, stays unknown unless
 * dstfa_bulk_set_retry_unknown() is on.
 *
 * Returns DSTFA_OK; DSTFA_E_ARGUMENT if there is something at new_path;
 * DSTFA_E_BUSY if a run uses the old one; DSTFA_E_JOURNAL if its first line is
 * not sound, without which nothing can be salvaged; DSTFA_E_IO if one cannot be
 * read or the other not written. Then applied is DSTFA_APPLIED_NO.
 */
dstfa_status dstfa_journal_salvage(const char *old_path,
                                   const char *new_path,
                                   dstfa_error **error_out);

/** @} */

/** @defgroup policy Policy
 * The method of the whole portal; setting it affects every account.
 * @{ */

/**
 * Reads the two-factor setting of the whole portal. Reads only.
 *
 * cancel may be NULL. policy_out is required and gets the policy; free it with
 * dstfa_policy_free(). Returns what every call to the portal can; then applied
 * is DSTFA_APPLIED_NO.
 */
dstfa_status dstfa_client_policy(const dstfa_client *client,
                                 const dstfa_cancel *cancel,
                                 dstfa_policy **policy_out,
                                 dstfa_error **error_out);

/**
 * SETS THE TWO-FACTOR METHOD OF THE WHOLE PORTAL. THIS AFFECTS EVERY ACCOUNT,
 * and a method other than DSTFA_METHOD_NONE SIGNS EVERYONE OUT, the caller
 * included; API keys go on. THE PORTAL FORGETS THE LISTS OF THE METHOD THAT IS
 * SWITCHED OFF OR REPLACED, so keep what is wanted again. To change one account
 * use dstfa_client_change_method().
 *
 * policy is a policy read from this portal, with a method set on purpose by
 * dstfa_policy_set_method(); it is not changed. confirm_host repeats the host
 * of the portal URL, with or without the port, so that no slip leads here.
 * cancel may be NULL.
 *
 * The caller's account and the setting are read just before: if the setting was
 * changed since the policy was read, nothing is sent. The setting is read once
 * more afterwards; where that cannot be done, as with a session that has just
 * ended, the portal's word is taken. Returns DSTFA_E_STATE when the setting was
 * changed and when no method was set, DSTFA_E_ARGUMENT when the host is not the
 * portal's, DSTFA_E_REJECTED when the portal says no, DSTFA_E_UNVERIFIED when it
 * accepts and then shows another setting, text messages that it left on
 * included, and what every call to the portal can. After a failure
 * dstfa_error_applied() says whether the setting was changed all the same.
 *
 * What the portal shows may be up to five minutes old where its parts share no
 * cache, and a save that failed there is not told: success is its word.
 */
dstfa_status dstfa_client_apply_policy(const dstfa_client *client,
                                       const dstfa_policy *policy,
                                       const char *confirm_host,
                                       const dstfa_cancel *cancel,
                                       dstfa_error **error_out);

/**
 * Frees the policy and its strings; NULL does nothing.
 */
void dstfa_policy_free(dstfa_policy *policy);

/**
 * The method, DSTFA_METHOD_*: the one set here, else the portal's as read, which
 * is DSTFA_METHOD_SMS where both are on, and where text messages are switched on
 * without a provider; DSTFA_METHOD_UNKNOWN if the portal shows neither method.
 * NULL gives DSTFA_METHOD_UNKNOWN.
 */
int32_t dstfa_policy_method(const dstfa_policy *policy);

/**
 * Whether the portal has a provider of text messages: DSTFA_YES, DSTFA_NO, or
 * DSTFA_UNKNOWN if it does not say or hides their settings. The plan is not
 * shown: on one without text messages the portal refuses the method
 * (DSTFA_E_REJECTED, DSTFA_REASON_METHOD_UNAVAILABLE), and asks nobody for a code
 * by text message even while the method is on. Three-valued: compare. NULL gives
 * DSTFA_UNKNOWN.
 */
int32_t dstfa_policy_sms_available(const dstfa_policy *policy);

/**
 * Whether the portal can use authenticator apps: DSTFA_YES wherever it shows
 * them, DSTFA_UNKNOWN if it hides them or does not say; DSTFA_NO is not known to
 * be answered. Three-valued: compare. NULL gives DSTFA_UNKNOWN.
 */
int32_t dstfa_policy_app_available(const dstfa_policy *policy);

/**
 * How many rules of trusted addresses there are: whoever signs in from one of
 * them needs no second factor, mandatory accounts and groups excepted. The
 * address is what the proxy before the portal reports. NULL gives 0.
 */
uint32_t dstfa_policy_trusted_ip_count(const dstfa_policy *policy);

/**
 * The rule at index, counted from 0; "" past the end. Owned by the policy,
 * never NULL. NULL gives "".
 */
const char *dstfa_policy_trusted_ip(const dstfa_policy *policy, uint32_t index);

/**
 * What the portal matches by the rule at index, where that is not what the rule
 * says: an address, a range or a network, "nothing" or "an error", and why, in
 * English. "" where the rule is matched as written, and past the end.
 *
 * Only rules that were read can differ: one that is added is judged by
 * dstfa_policy_add_trusted_ip(). Such a rule stays and is sent as it is. A rule
 * that is an error makes sign-ins fail, of everybody who is neither mandatory nor
 * trusted by an earlier rule. Owned by the policy, never NULL. NULL gives "".
 */
const char *dstfa_policy_trusted_ip_meaning(const dstfa_policy *policy, uint32_t index);

/**
 * How many accounts need a second factor from everywhere, trusted addresses
 * included. NULL gives 0.
 */
uint32_t dstfa_policy_mandatory_user_count(const dstfa_policy *policy);

/**
 * The account id at index, counted from 0; "" past the end. Owned by the
 * policy, never NULL. NULL gives "".
 */
const char *dstfa_policy_mandatory_user(const dstfa_policy *policy, uint32_t index);

/**
 * How many groups there are whose members need a second factor from
 * everywhere. NULL gives 0.
 */
uint32_t dstfa_policy_mandatory_group_count(const dstfa_policy *policy);

/**
 * The group id at index, counted from 0; "" past the end. Owned by the policy,
 * never NULL. NULL gives "".
 */
const char *dstfa_policy_mandatory_group(const dstfa_policy *policy, uint32_t index);

/**
 * Sets the method, one of DSTFA_METHOD_* but not DSTFA_METHOD_UNKNOWN. It is
 * never guessed: a policy without this cannot be applied.
 *
 * Lists that were not touched here become those of the method set where it is
 * on, else they stay those of the method that is, and are sent for the new one.
 * With DSTFA_METHOD_NONE the portal forgets the lists of what is switched off,
 * whatever is sent.
 */
dstfa_status dstfa_policy_set_method(dstfa_policy *policy,
                                     int32_t method,
                                     dstfa_error **error_out);

/**
 * Adds a rule of trusted addresses: an address, a range ("192.0.2.1-192.0.2.9")
 * or a network ("192.0.2.0/24"), of either IP version.
 *
 * Portals accept every text and then match something else by it, or fail. One
 * that would not mean what it says is refused (DSTFA_E_ARGUMENT), and the message
 * names the form that does: of IPv6 networks portals compare only the first 32
 * bits, so "2001:db8::/64" is to be given as a range; a prefix of 0 is a range
 * too; bits behind the prefix are 0; a single address is compared as text, so
 * IPv6 has to be in its shortest form and in lower case.
 *
 * An IPv4 rule does not match a caller whose address the proxy reports as
 * "::ffff:192.0.2.7". Portals older than 3.7 read the address of a caller to its
 * first colon only: rules for IPv6 are refused there, but for single addresses
 * that begin with one, and a range or network of IPv4 makes sign-ins from some
 * IPv6 addresses fail.
 */
dstfa_status dstfa_policy_add_trusted_ip(dstfa_policy *policy,
                                         const char *rule,
                                         dstfa_error **error_out);

/**
 * Removes all rules of trusted addresses. Their strings stay valid.
 */
dstfa_status dstfa_policy_clear_trusted_ips(dstfa_policy *policy,
                                            dstfa_error **error_out);

/**
 * Adds an account that needs a second factor from everywhere.
 */
dstfa_status dstfa_policy_add_mandatory_user(dstfa_policy *policy,
                                             const char *account_id,
                                             dstfa_error **error_out);

/**
 * Removes all accounts that need a second factor from everywhere. Their strings
 * stay valid.
 */
dstfa_status dstfa_policy_clear_mandatory_users(dstfa_policy *policy,
                                                dstfa_error **error_out);

/**
 * Adds a group whose members need a second factor from everywhere; its id is a
 * hyphenated GUID, too.
 */
dstfa_status dstfa_policy_add_mandatory_group(dstfa_policy *policy,
                                              const char *group_id,
                                              dstfa_error **error_out);

/**
 * Removes all groups whose members need a second factor from everywhere. Their
 * strings stay valid.
 */
dstfa_status dstfa_policy_clear_mandatory_groups(dstfa_policy *policy,
                                                 dstfa_error **error_out);

/** @} */

/** @defgroup codes Backup codes
 * Those of the credential's own account.
 * @{ */

/**
 * Reads the backup codes of the credential's own account; there is no way to
 * read those of others. Portals have codes only for accounts with a linked
 * app, and show them only while their own method is the app.
 *
 * cancel may be NULL. codes_out is required and gets the codes; free them with
 * dstfa_backup_codes_free(). Returns DSTFA_E_REJECTED with the reason
 * DSTFA_REASON_NOT_LINKED, DSTFA_REASON_METHOD_UNAVAILABLE or
 * DSTFA_REASON_HIDDEN_BY_PORTAL where there are none to see, and what every
 * call to the portal can. With an error applied is DSTFA_APPLIED_NO.
 */
dstfa_status dstfa_client_backup_codes(const dstfa_client *client,
                                       const dstfa_cancel *cancel,
                                       dstfa_backup_codes **codes_out,
                                       dstfa_error **error_out);

/**
 * Replaces the backup codes of the credential's own account and gets the new
 * ones. The old ones end at once, used or not.
 *
 * cancel may be NULL. codes_out is required and gets the codes; free them with
 * dstfa_backup_codes_free(). Returns what dstfa_client_backup_codes() returns. Each
 * success makes other codes, so after a failure dstfa_error_applied() counts:
 * unless it is DSTFA_APPLIED_NO the old codes may have ended; read the present
 * ones with dstfa_client_backup_codes().
 */
dstfa_status dstfa_client_renew_backup_codes(const dstfa_client *client,
                                             const dstfa_cancel *cancel,
                                             dstfa_backup_codes **codes_out,
                                             dstfa_error **error_out);

/**
 * Frees the codes and wipes them; NULL does nothing.
 */
void dstfa_backup_codes_free(dstfa_backup_codes *codes);

/**
 * How many codes there are. NULL gives 0.
 */
uint32_t dstfa_backup_codes_count(const dstfa_backup_codes *codes);

/**
 * The code at index, counted from 0; "" past the end. A secret. Owned by the
 * codes, never NULL. NULL gives "".
 */
const char *dstfa_backup_codes_code(const dstfa_backup_codes *codes, uint32_t index);

/**
 * 1 if the code at index has been used, else 0; 0 past the end. NULL gives 0.
 */
int32_t dstfa_backup_codes_is_used(const dstfa_backup_codes *codes, uint32_t index);

/** @} */

/** @defgroup cancel Cancel
 * Ending calls from another thread or a signal handler.
 * @{ */

/**
 * A new cancel object, not requested. Never NULL. One object may serve any
 * number of calls at the same time; each is ended by the request.
 */
dstfa_cancel *dstfa_cancel_new(void);

/**
 * Requests cancellation, for good: a cancel object cannot be used again. May
 * be called from any thread and from a signal handler, any number of times;
 * it takes no lock, allocates nothing and leaves errno alone. NULL does
 * nothing.
 *
 * Calls that hold the object return DSTFA_E_CANCELLED soon after: with
 * DSTFA_APPLIED_NO if nothing had been sent, else with DSTFA_APPLIED_MAYBE.
 */
void dstfa_cancel_request(const dstfa_cancel *cancel);

/**
 * 1 if cancellation was requested, else 0; NULL gives 0.
 */
int32_t dstfa_cancel_requested(const dstfa_cancel *cancel);

/**
 * Frees the object; NULL does nothing. Not while a call holds it, and not
 * while a signal handler may still request with it.
 */
void dstfa_cancel_free(dstfa_cancel *cancel);

/** @} */

/** @defgroup log Log
 * Lines about what the library does.
 * @{ */

/**
 * Log lines up to level, one of DSTFA_LOG_*, go to callback; user_data is
 * handed on as it is and may be NULL. DSTFA_LOG_OFF or a NULL callback
 * (default) switches logging off.
 *
 * The callback runs during calls with clients made from these options, and with
 * lists and bulks made with those clients, on the thread of the call, so on
 * several threads at once if several call; never outside a call, and not while
 * an object is freed. message is UTF-8, one line, and valid until the callback
 * returns. user_data must live until the last of those calls has returned: a list
 * or a bulk keeps the callback after its client is freed. Other objects do not
 * have it. The callback may call this library, but not free an object in use; it
 * must return, so no exception and no longjmp may leave it.
 */
dstfa_status dstfa_options_set_log(dstfa_options *options,
                                   int32_t level,
                                   dstfa_log_fn callback,
                                   void *user_data,
                                   dstfa_error **error_out);

/** @} */

/** @defgroup version Version
 * That of the library that is running.
 * @{ */

/**
 * The version of the library that is running, as in DSTFA_VERSION. Static.
 */
const char *dstfa_version(void);

/**
 * The same as a number, major times 65536 plus minor times 256 plus patch, to
 * compare with DSTFA_VERSION_NUMBER. Use no function that is newer than the
 * library that is running.
 */
uint32_t dstfa_version_number(void);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
