// Package memory keeps small what the process holds: how far the heap grows before it is collected, and what only the start
// needed. GOGC and GOMEMLIMIT override it.
//
// It imports the standard library only.
package memory

import (
	"os"
	"runtime/debug"
)

// soft is how much Go's runtime may hold before it collects more often. What the bot needs under load is half of it.
const soft = 32 << 20

// Limit has the heap collected before it grows past what the bot needs. It costs nothing while that is enough.
func Limit() {
	if os.Getenv("GOMEMLIMIT") == "" && os.Getenv("GOGC") == "" {
		debug.SetMemoryLimit(soft)
	}
}

// Trim gives back what only the start needed: of the heap, and of the program's own file, which is read again where it is
// needed.
func Trim() {
	debug.FreeOSMemory()
	trimProgram()
}
