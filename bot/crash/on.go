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

// Variable says where to die, and at which time of coming by: "posted:2".
const Variable = "COMMUNITYBOT_CRASH"

var (
	where, left = parse(os.Getenv(Variable))
	passed      atomic.Int64
)

func parse(s string) (Point, int64) {
	name, count, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(count, 10, 64)
	if name != "" && err != nil {
		panic(fmt.Sprintf("%s must be POINT:COUNT, not %q", Variable, s))
	}
	return Point(name), n
}

// At is where the process dies, when it was told to. Like a power cut it asks nobody.
func At(p Point) {
	if p != where || passed.Add(1) != left {
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // it takes a moment
}
