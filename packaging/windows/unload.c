/*
 * The DLL stays loaded when a host frees it after a call.
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    HMODULE library = LoadLibraryA("docspace_tfa.dll");
    FARPROC found = library != NULL ? GetProcAddress(library, "dstfa_version") : NULL;
    const char *(*version)(void);

    if (found == NULL)
        return 2;
    memcpy(&version, &found, sizeof version);
    version();
    FreeLibrary(library);
    FreeLibrary(library);
    if (GetModuleHandleA("docspace_tfa.dll") == NULL) {
        puts("the DLL is gone");
        return 1;
    }
    printf("ok: %s stays loaded\n", version());
    return 0;
}
