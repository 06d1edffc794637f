package memory

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// trimProgram unmaps the pages of the program's code and constants. They stay in the kernel's cache, and the next use maps
// them again. To fail is no harm.
func trimProgram() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer maps.Close()
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		if span, ok := constant(lines.Text(), program); ok {
			_ = syscall.Madvise(span, syscall.MADV_DONTNEED)
		}
	}
}

// constant returns the memory that a line of /proc/self/maps speaks of, when it is a part of the program that nobody can
// write to: what was written would be lost.
// https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html
func constant(line, program string) ([]byte, bool) {
	fields := strings.Fields(line)
	if len(fields) != 6 || fields[5] != program || strings.Contains(fields[1], "w") {
		return nil, false
	}
	from, to, _ := strings.Cut(fields[0], "-")
	begin, err := strconv.ParseUint(from, 16, 64)
	if err != nil {
		return nil, false
	}
	end, err := strconv.ParseUint(to, 16, 64)
	if err != nil || end <= begin {
		return nil, false
	}
	start := uintptr(begin)
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&start)), int(end-begin)), true
}
