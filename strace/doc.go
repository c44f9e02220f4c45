// Package strace reads and writes the notation in which the strace command
// prints system calls:
//
//	1234  sendto(3, "ping", 4, MSG_NOSIGNAL, NULL, 0) = 4
//	1235  <... recvfrom resumed>"ping", 16, 0, NULL, NULL) = 4
//	1235  --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=1235, si_uid=0} ---
//
// It knows the notation and nothing of what the calls do.
//
// # The map
//
//	Reader     bytes -> lines, with their numbers        reader.go
//	ParseLine  a line -> Line                            parse_line.go, parse_prefix.go, parse_call.go,
//	                                                     parse_result.go, parse_value.go, parse_list.go
//	Line       what a line tells; Line.String prints it  line.go, call.go, value.go, print.go
//	Value      an argument and what can be asked of it   access.go, number.go, quote.go
//	Int, Str.. values made by a program                  make.go
//	Joiner     lines -> calls that begin and return      join.go
//
// A text goes one way, through Reader, ParseLine and Joiner, to the program that
// replays it. A program that writes a log goes the other way: it makes Values,
// puts them in a Call and a Line, and calls Line.Append.
//
// # Nothing is lost
//
// Whenever ParseLine succeeds, Line.String returns the bytes that were parsed.
// This is so because the tree keeps spellings, not meanings: a number keeps its
// digits, a string its escapes. White space is kept only where it differs from
// strace's own (Item.Gap, Result.Gap, Prefix.Text), so that a tree made by a
// program needs none, and comes out as strace would print it.
//
// What a spelling means is computed when it is asked for: Value.Int, Bytes,
// Flags, Field and so on. They see through the annotations of -y and -yy and
// the comments of -X verbose, so that a replayer need not care for the flags
// with which a recording was made.
//
// # The grammar
//
// Terminals are between quotes, { } is any number of times, [ ] is at most once.
// The forms are those of strace 6.1 with any combination of its flags.
//
//	line       = [ prefix ] event [ blanks ] | note | continued | "" .
//	prefix     = [ pid ] [ time " " ] [ "(+" time ") " ] [ "[" digits "] " ] [ "[" pointer "] " ] .
//	pid        = digits [ annotation ] blanks | "[pid " blanks digits [ annotation ] "] " .
//	event      = call | unfinished | resumed | signal | exit | message .
//	call       = name "(" [ arguments ] [ cut ] ")" [ blanks result ] .
//	unfinished = name "(" [ arguments ] [ "," ] [ beginning of an argument ] ( cut | message ) .
//	resumed    = "<... " name " resumed>" continued .
//	continued  = [ end of an argument ] [ "," ] [ arguments ] [ cut ] ")" [ blanks result ] .
//	cut        = " <" text ">" .                     (* <unfinished ...>, <detached ...> *)
//	arguments  = item { "," item } .
//	result     = "= " value [ " " name ] [ " <" text ">" ] { " (" text ")" } [ " <" seconds ">" ] .
//	signal     = "--- " ( name [ " " struct ] | "stopped by " name ) " ---" .
//	exit       = "+++ " ( "exited with " digits | "killed by " name [ " (core dumped)" ]
//	                    | "superseded by execve in pid " digits [ annotation ] ) " +++" .
//	message    = "strace: " text | "[ Process " text .
//	note       = [ blanks ] ( "#" | "//" ) text | ( " > " | " | " | " * " | " = " ) text .
//
//	value      = unary { operator unary } .
//	operator   = "=>" | "or" | "||" | "&&" | "|" | "==" | "<<" | "+" | "-" | "*" .
//	unary      = { "~" | "&" | "@" | "*" | "!" | "-" | "+" | "|" } primary { annotation | " " comment } .
//	primary    = number | name | string | array | struct | function | comment | "..." | "<..." text ">" .
//	string     = '"' { byte | escape } '"' [ "..." ] .
//	escape     = "\" ( '"' | "\" | "'" | letter of "tnvfrabe" | "x" hex hex | octal [ octal [ octal ] ] ) .
//	array      = "[" list "]" .
//	struct     = "{" list "}" .
//	function   = [ name ] "(" list ")" .
//	list       = [ item { ( "," | " " ) item } ] .
//	item       = [ ( name | array ) "=" ] [ value ] .
//	annotation = "<" text ">" [ "(deleted)" ] .      (* of -y, -yy and -Y; < and > in text come in pairs *)
//	comment    = "/*" text "*/" .
//	number     = [ "-" | "+" ] ( digits | "0x" hex { hex } ) | "'" byte "'" .
//	name       = word [ "[" word "]" ] .             (* letters, digits and _ ? . : $ % *)
//
// Where a blank follows a comma or surrounds an operator, any number does, none
// included. Operators are listed from the loosest to the tightest.
//
// # Traps
//
//   - A number is not a flag set and a flag set is not a number: `-X raw` prints
//     0x4002 where the default prints MSG_DONTWAIT|MSG_NOSIGNAL. Value.Flags gives
//     both parts; only the caller knows the bits of a name.
//   - `= ?` has no number. Neither is every hexadecimal argument an address.
//   - A string that ends in dots is the beginning of the data; the length is in
//     another argument.
//   - `[128 => 2]` is an array whose element has an In and an Out.
//   - strace omits what it could not read and, on error, what the kernel did not
//     write: then the address stands there (Value.Pointer).
package strace
