// Changes accounts through the C library, with cgo.
//
//	change PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID [MORE_IDS...]
//
// The first account is changed by one call, the others together.
package main

/*
#cgo pkg-config: docspace-tfa
#include <docspace_tfa.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"os"
	"strings"
	"unsafe"
)

func reason(err *C.dstfa_error) string {
	return C.GoString(C.dstfa_reason_name(C.dstfa_error_reason(err)))
}

// check turns a status and its object, which it frees, into a Go error.
func check(status C.dstfa_status, err *C.dstfa_error) error {
	if status == C.DSTFA_OK || status == C.DSTFA_DONE {
		return nil
	}
	defer C.dstfa_error_free(err)
	applied, message := C.dstfa_error_applied(err), C.GoString(C.dstfa_error_message(err))
	return fmt.Errorf("%s (applied: %d): %s", reason(err), applied, message)
}

// with lends a Go string to C for one call.
func with(text string, call func(*C.char, **C.dstfa_error) C.dstfa_status) error {
	borrowed := C.CString(text)
	defer C.free(unsafe.Pointer(borrowed))
	var err *C.dstfa_error
	return check(call(borrowed, &err), err)
}

func connect(url, caFile, key string) (client *C.dstfa_client, problem error) {
	options := C.dstfa_options_new()
	defer C.dstfa_options_free(options)
	for _, problem = range []error{
		with(url, func(s *C.char, e **C.dstfa_error) C.dstfa_status {
			return C.dstfa_options_set_portal_url(options, s, e)
		}),
		with(key, func(s *C.char, e **C.dstfa_error) C.dstfa_status { return C.dstfa_options_set_api_key(options, s, e) }),
		with(caFile, func(s *C.char, e **C.dstfa_error) C.dstfa_status { return C.dstfa_options_add_ca_file(options, s, e) }),
	} {
		if problem != nil {
			return
		}
	}
	var err *C.dstfa_error
	problem = check(C.dstfa_options_set_trust(options, C.DSTFA_TRUST_ADDED_ONLY, &err), err)
	if problem == nil {
		problem = check(C.dstfa_client_new(options, &client, &err), err)
	}
	return
}

func change(client *C.dstfa_client, account string) error {
	var made *C.dstfa_change
	problem := with(account, func(s *C.char, e **C.dstfa_error) C.dstfa_status {
		return C.dstfa_client_change_method(client, s, C.DSTFA_METHOD_NONE, nil, &made, e)
	})
	if problem == nil {
		defer C.dstfa_change_free(made)
		fmt.Println("done:", C.GoString(C.dstfa_change_message(made)))
	}
	return problem
}

// many changes many accounts, one answer at a time and without a callback.
func many(client *C.dstfa_client, entries []string) error {
	var bulk, err = (*C.dstfa_bulk)(nil), (*C.dstfa_error)(nil)
	problem := check(C.dstfa_bulk_new(client, C.DSTFA_METHOD_NONE, &bulk, &err), err)
	defer C.dstfa_bulk_free(bulk)
	for index := 0; index < len(entries) && problem == nil; index++ {
		problem = with(entries[index], func(s *C.char, e **C.dstfa_error) C.dstfa_status {
			return C.dstfa_bulk_add(bulk, s, nil, e)
		})
	}
	outcomes := []string{"unknown", "applied", "refused", "skipped", "would"}
	for problem == nil {
		var item *C.dstfa_bulk_item
		status := C.dstfa_bulk_step(bulk, nil, &item, &err)
		if item == nil {
			return check(status, err)
		}
		fmt.Println(C.GoString(C.dstfa_bulk_item_entry(item)), outcomes[C.dstfa_bulk_item_outcome(item)],
			reason(C.dstfa_bulk_item_error(item)))
		C.dstfa_bulk_item_free(item)
	}
	return problem
}

func main() {
	key, problem := os.ReadFile(os.Args[3])
	var client *C.dstfa_client
	if problem == nil {
		client, problem = connect(os.Args[1], os.Args[2], strings.TrimSpace(string(key)))
	}
	if problem == nil {
		problem = change(client, os.Args[4])
	}
	if problem == nil {
		problem = many(client, os.Args[5:])
	}
	C.dstfa_client_free(client)
	if problem != nil {
		fmt.Println("refused:", problem)
		os.Exit(1)
	}
}
