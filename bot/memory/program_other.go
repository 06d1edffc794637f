//go:build !linux

package memory

// trimProgram does nothing where it is not known how.
func trimProgram() {}
