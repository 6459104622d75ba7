{ Changes accounts through the C library, with Free Pascal (and, with the name of
  the DLL, Delphi).

    change PORTAL_URL CA_FILE KEY_FILE ACCOUNT_ID [MORE_IDS...]

  The first account is changed by one call, the others together. }
program change;

{$mode objfpc}{$H+}

uses
  SysUtils;

const
  Lib = 'docspace_tfa';
  MethodNone = 0;
  TrustAddedOnly = 2;
  StatusOk = 0;
  StatusDone = 100;
  Outcomes: array[0..4] of string = ('unknown', 'applied', 'refused', 'skipped', 'would');

type
  Handle = Pointer;

function dstfa_reason_name(reason: LongInt): PAnsiChar; cdecl; external Lib;
function dstfa_options_new: Handle; cdecl; external Lib;
procedure dstfa_options_free(options: Handle); cdecl; external Lib;
function dstfa_options_set_portal_url(options: Handle; url: PAnsiChar; out error: Handle): LongInt; cdecl; external Lib;
function dstfa_options_set_api_key(options: Handle; key: PAnsiChar; out error: Handle): LongInt; cdecl; external Lib;
function dstfa_options_set_trust(options: Handle; trust: LongInt; out error: Handle): LongInt; cdecl; external Lib;
function dstfa_options_add_ca_file(options: Handle; path: PAnsiChar; out error: Handle): LongInt; cdecl; external Lib;
function dstfa_client_new(options: Handle; out client, error: Handle): LongInt; cdecl; external Lib;
procedure dstfa_client_free(client: Handle); cdecl; external Lib;
function dstfa_client_change_method(client: Handle; account: PAnsiChar; method: LongInt; cancel: Handle;
  out change, error: Handle): LongInt; cdecl; external Lib;
procedure dstfa_change_free(change: Handle); cdecl; external Lib;
function dstfa_change_message(change: Handle): PAnsiChar; cdecl; external Lib;
procedure dstfa_error_free(error: Handle); cdecl; external Lib;
function dstfa_error_reason(error: Handle): LongInt; cdecl; external Lib;
function dstfa_error_applied(error: Handle): LongInt; cdecl; external Lib;
function dstfa_error_message(error: Handle): PAnsiChar; cdecl; external Lib;
function dstfa_bulk_new(client: Handle; method: LongInt; out bulk, error: Handle): LongInt; cdecl; external Lib;
procedure dstfa_bulk_free(bulk: Handle); cdecl; external Lib;
function dstfa_bulk_add(bulk: Handle; entry: PAnsiChar; index: PLongWord; out error: Handle): LongInt; cdecl; external Lib;
function dstfa_bulk_step(bulk, cancel: Handle; out item, error: Handle): LongInt; cdecl; external Lib;
procedure dstfa_bulk_item_free(item: Handle); cdecl; external Lib;
function dstfa_bulk_item_entry(item: Handle): PAnsiChar; cdecl; external Lib;
function dstfa_bulk_item_outcome(item: Handle): LongInt; cdecl; external Lib;
function dstfa_bulk_item_error(item: Handle): Handle; cdecl; external Lib;

{ Raises what the library says about a failure, and frees its object. }
procedure Check(status: LongInt; error: Handle);
var
  said: string;
begin
  if (status = StatusOk) or (status = StatusDone) then
    Exit;
  said := Format('%s (applied: %d): %s', [dstfa_reason_name(dstfa_error_reason(error)),
    dstfa_error_applied(error), dstfa_error_message(error)]);
  dstfa_error_free(error);
  raise Exception.Create(said);
end;

function ReadKey(const path: string): string;
var
  source: Text;
begin
  Assign(source, path);
  Reset(source);
  ReadLn(source, Result);
  Close(source);
end;

var
  options, client, made, item, error: Handle;
  index: Integer;
begin
  options := dstfa_options_new;
  try
    Check(dstfa_options_set_portal_url(options, PAnsiChar(ParamStr(1)), error), error);
    Check(dstfa_options_set_trust(options, TrustAddedOnly, error), error);
    Check(dstfa_options_add_ca_file(options, PAnsiChar(ParamStr(2)), error), error);
    Check(dstfa_options_set_api_key(options, PAnsiChar(ReadKey(ParamStr(3))), error), error);
    Check(dstfa_client_new(options, client, error), error);
  finally
    dstfa_options_free(options);
  end;
  try
    try
      Check(dstfa_client_change_method(client, PAnsiChar(ParamStr(4)), MethodNone, nil, made, error), error);
      WriteLn('done: ', dstfa_change_message(made));
      dstfa_change_free(made);
      { Many accounts, one answer at a time and without a callback. }
      Check(dstfa_bulk_new(client, MethodNone, made, error), error);
      for index := 5 to ParamCount do
        Check(dstfa_bulk_add(made, PAnsiChar(ParamStr(index)), nil, error), error);
      repeat
        Check(dstfa_bulk_step(made, nil, item, error), error);
        if item <> nil then
          WriteLn(dstfa_bulk_item_entry(item), ' ', Outcomes[dstfa_bulk_item_outcome(item)], ' ',
            dstfa_reason_name(dstfa_error_reason(dstfa_bulk_item_error(item))));
        dstfa_bulk_item_free(item);
      until item = nil;
      dstfa_bulk_free(made);
    except
      on problem: Exception do
      begin
        WriteLn('refused: ', problem.Message);
        ExitCode := 1;
      end;
    end;
  finally
    dstfa_client_free(client);
  end;
end.
