//go:build crash

package crash

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// Variable says where to die, and at which time of coming by: "posted:2". With ":freeze" behind that the process is stopped
// there until somebody has it go on.
const Variable = "COMMUNITYBOT_CRASH"

var (
	where, left, signal = parse(os.Getenv(Variable))
	passed              atomic.Int64
)

func parse(s string) (Point, int64, syscall.Signal) {
	name, rest, _ := strings.Cut(s, ":")
	count, how, _ := strings.Cut(rest, ":")
	n, err := strconv.ParseInt(count, 10, 64)
	if name != "" && (err != nil || how != "" && how != "freeze") {
		panic(fmt.Sprintf("%s must be POINT:COUNT or POINT:COUNT:freeze, not %q", Variable, s))
	}
	if how == "freeze" {
		return Point(name), n, syscall.SIGSTOP
	}
	return Point(name), n, syscall.SIGKILL
}

// At is where the process dies or freezes, when it was told to. Like a power cut it asks nobody.
func At(p Point) {
	if p != where || passed.Add(1) != left {
		return
	}
	if signal == syscall.SIGSTOP {
		fmt.Fprintln(os.Stderr, Frozen+p)
		_ = syscall.Kill(os.Getpid(), signal)
		return
	}
	_ = syscall.Kill(os.Getpid(), signal)
	select {} // it takes a moment
}
