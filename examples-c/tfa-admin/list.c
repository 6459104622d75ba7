#include "list.h"
#include "account.h"
#include "admin.h"
#include "csv.h"
#include "options.h"
#include "say.h"
#include "slurp.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_TOLD = 10, LONGEST_ADDRESS = 255 };

static const char *const id_headings[] = {
    "id", "userid", "user id", "user_id", "accountid", "account id", "account_id", "guid", NULL};
static const char *const email_headings[] = {
    "email", "e-mail", "mail", "email address", "e-mail address", "email_address", NULL};

/* Where the entries stand: a column, or -1. */
struct columns {
    int chosen;
    int id;
    int email;
};

/* The library judges again; this is to refuse a wrong list before anything is
   asked or sent. */
static int is_address(const char *text)
{
    const char *at = strchr(text, '@');
    const unsigned char *byte;
    if (at == NULL || at == text || at[1] == '\0' || strlen(text) > LONGEST_ADDRESS)
        return 0;
    for (byte = (const unsigned char *)text; *byte != '\0'; byte++)
        if (*byte <= ' ' || *byte == 0x7f || *byte == ',' || *byte == ';' || *byte == '<')
            return 0;
    return 1;
}

static int is_entry(const char *text)
{
    return is_address(text) ||
           (is_account_id(text) && strcmp(text, "00000000-0000-0000-0000-000000000000") != 0);
}

static int is_one_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcasecmp(text, *words) == 0)
            return 1;
    return 0;
}

/* Whether the first record is a row of headings; columns are found by it. */
static int read_headings(struct columns *columns, char **fields, size_t count, const char *column)
{
    size_t i;
    int has_entry = 0;
    for (i = 0; i < count; i++) {
        if (is_entry(fields[i]))
            has_entry = 1;
        else if (columns->chosen < 0 && column != NULL && strcasecmp(fields[i], column) == 0)
            columns->chosen = (int)i;
        else if (columns->id < 0 && is_one_of(fields[i], id_headings))
            columns->id = (int)i;
        else if (columns->email < 0 && is_one_of(fields[i], email_headings))
            columns->email = (int)i;
    }
    if (has_entry) {
        columns->id = columns->email = -1;
        return 0;
    }
    return columns->chosen >= 0 || columns->id >= 0 || columns->email >= 0;
}

static char *field_at(char **fields, size_t count, int column)
{
    return column >= 0 && (size_t)column < count && *fields[column] != '\0' ? fields[column] : NULL;
}

/* The entry of a record: from the chosen column, else by the headings, else the
   first field that can be one. */
static char *pick(const struct columns *columns, char **fields, size_t count)
{
    char *found;
    size_t i;
    if (columns->chosen >= 0)
        return field_at(fields, count, columns->chosen);
    found = field_at(fields, count, columns->id);
    if (found == NULL)
        found = field_at(fields, count, columns->email);
    if (found != NULL || columns->id >= 0 || columns->email >= 0)
        return found;
    for (i = 0; i < count; i++)
        if (is_entry(fields[i]))
            return fields[i];
    return NULL;
}

/* Blank lines and comments. */
static int is_nothing(char **fields, size_t count)
{
    size_t i;
    if (fields[0][0] == '#')
        return 1;
    for (i = 0; i < count; i++)
        if (*fields[i] != '\0')
            return 0;
    return 1;
}

static int add(struct list *list, size_t *room, const char *entry)
{
    if (list->count == *room) {
        size_t more = *room == 0 ? 256 : *room * 2;
        const char **grown = realloc(list->entries, more * sizeof *grown);
        if (grown == NULL)
            return 0;
        list->entries = grown;
        *room = more;
    }
    list->entries[list->count++] = entry;
    return 1;
}

/* A list that is being read. */
struct reading {
    struct list *list;
    const char *name;   /* for messages */
    const char *column; /* as given; NULL: none */
    struct columns columns;
    size_t room; /* for entries */
    size_t bad;  /* lines that are none */
};

/* Whether the first record holds headings. Gives 0, or the exit code after it has
   said what is wrong. */
static int judge_first(struct reading *reading, char **fields, size_t count, int *headings)
{
    uint32_t number = 0;
    if (reading->column != NULL && read_number(reading->column, &number) && number >= 1 &&
        number <= MOST_FIELDS) {
        char *field;
        reading->columns.chosen = (int)number - 1;
        field = field_at(fields, count, reading->columns.chosen);
        /* Half an address or id is a mistake and no heading. */
        *headings = field != NULL && strpbrk(field, "@0123456789") == NULL;
        if (*headings)
            say("%s: taken for a heading: %s", reading->name, field);
        return EXIT_DONE;
    }
    *headings = read_headings(&reading->columns, fields, count, reading->column);
    if (reading->column != NULL && reading->columns.chosen < 0) {
        say("%s: no column \"%s\" in the first line", reading->name, reading->column);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

static int take_record(struct reading *reading, char **fields, size_t count, size_t line)
{
    char *entry = pick(&reading->columns, fields, count);
    if (entry != NULL && is_entry(entry)) {
        if (add(reading->list, &reading->room, entry))
            return EXIT_DONE;
        say("out of memory");
        return EXIT_INTERNAL;
    }
    if (++reading->bad <= MOST_TOLD)
        say("%s, line %lu: neither an account id nor an e-mail address: %s", reading->name,
            (unsigned long)line, entry != NULL ? entry : fields[0]);
    return EXIT_DONE;
}

/* All wrong lines are looked for, so that they can be put right at once. */
static int collect(struct reading *reading, char *text)
{
    char *fields[MOST_FIELDS];
    struct csv csv;
    size_t count;
    size_t line;
    int is_first = 1;
    int code = EXIT_DONE;
    enum csv_result result;

    csv_begin(&csv, text);
    while (code == EXIT_DONE && (result = csv_next(&csv, fields, &count, &line)) != CSV_END) {
        int headings = 0;
        if (result != CSV_RECORD) {
            say("%s, line %lu: %s", reading->name, (unsigned long)line,
                result == CSV_OPEN_QUOTE ? "a quotation mark is not closed" : "too many fields");
            return EXIT_USAGE;
        }
        if (is_nothing(fields, count))
            continue;
        if (is_first)
            code = judge_first(reading, fields, count, &headings);
        is_first = 0;
        if (code == EXIT_DONE && !headings)
            code = take_record(reading, fields, count, line);
    }
    if (reading->bad > MOST_TOLD)
        say("%s: and %lu more lines like these", reading->name,
            (unsigned long)(reading->bad - MOST_TOLD));
    return code == EXIT_DONE && reading->bad > 0 ? EXIT_USAGE : code;
}

/* Gives the text behind a byte order mark, or NULL after it has said why not. */
static char *text_of(const char *path, char *bytes, size_t length)
{
    const char *end = bytes + length;
    char *text;
    size_t line = 1;
    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
        say("%s: UTF-16; save it as UTF-8", path);
        return NULL;
    }
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        bytes += 3;
    text = bytes;
    while (*bytes != '\0') {
        size_t step = utf8_length(bytes);
        if (step == 0) {
            say("%s, line %lu: not UTF-8", path, (unsigned long)line);
            return NULL;
        }
        line += *bytes == '\n';
        bytes += step;
    }
    if (bytes != end) {
        say("%s, line %lu: not a text file", path, (unsigned long)line);
        return NULL;
    }
    return text;
}

/* All are in one text: what stands further up has the lower address. */
static int compare(const void *left, const void *right)
{
    const char *one = *(const char *const *)left;
    const char *other = *(const char *const *)right;
    int order = strcasecmp(one, other);
    return order != 0 ? order : (one > other) - (one < other);
}

/* The order of the list is kept: it is sorted in a copy. */
static int count_distinct(struct list *list)
{
    size_t i;
    const char **sorted = malloc(list->count * sizeof *sorted);
    if (sorted == NULL) {
        say("out of memory");
        return EXIT_INTERNAL;
    }
    memcpy(sorted, list->entries, list->count * sizeof *sorted);
    qsort(sorted, list->count, sizeof *sorted, compare);
    list->distinct = 1;
    for (i = 1; i < list->count; i++)
        list->distinct += strcasecmp(sorted[i - 1], sorted[i]) != 0;
    list->sorted = sorted;
    return EXIT_DONE;
}

int list_is_first(const struct list *list, size_t place)
{
    const char *entry = list->entries[place];
    const char **found =
        bsearch(&entry, list->sorted, list->count, sizeof *list->sorted, compare);
    return found == NULL || found == list->sorted || strcasecmp(found[-1], entry) != 0;
}

int list_read(struct list *list, const char *path, const char *column)
{
    struct reading reading = {list, path, column, {-1, -1, -1}, 0, 0};
    char *text;
    size_t length;
    int code;

    if (strcmp(path, "-") == 0)
        reading.name = "standard input";
    memset(list, 0, sizeof *list);
    code = slurp(path, &list->text, &length);
    if (code != EXIT_DONE)
        return code;
    text = text_of(reading.name, list->text, length);
    code = text != NULL ? collect(&reading, text) : EXIT_USAGE;
    if (code == EXIT_DONE && list->count == 0) {
        say("%s: the list is empty", reading.name);
        code = EXIT_USAGE;
    }
    if (code == EXIT_DONE)
        code = count_distinct(list);
    if (code != EXIT_DONE)
        list_free(list);
    return code;
}

void list_free(struct list *list)
{
    free(list->entries);
    free(list->sorted);
    free(list->text);
    memset(list, 0, sizeof *list);
}
