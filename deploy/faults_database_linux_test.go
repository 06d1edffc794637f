package deploy_test

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"communitybot/adapters/slack/slackfake"
)

const ourFault = "Something went wrong on our side, so nothing was changed."

// mountSmall puts a small disk under a folder.
func mountSmall(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skip("a small disk can't be mounted here, so only the limit shows what happens: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// fill leaves no room on the disk of a file.
func fill(t *testing.T, path string) (heal func()) {
	t.Helper()
	filler := filepath.Join(filepath.Dir(path), "filler")
	if err := os.WriteFile(filler, make([]byte, 8<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	return func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
}

// limit has the system refuse every write of the program beyond the first bytes of a file.
func (p *process) limit(bytes uint64) (heal func()) {
	p.t.Helper()
	const fileSize = 1 // RLIMIT_FSIZE: https://man7.org/linux/man-pages/man2/prlimit.2.html
	var before syscall.Rlimit
	set := func(limit, old *syscall.Rlimit) {
		p.t.Helper()
		if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.Process.Pid), fileSize, uintptr(unsafe.Pointer(limit)), uintptr(unsafe.Pointer(old)), 0, 0); errno != 0 {
			p.t.Fatal("prlimit: ", errno)
		}
	}
	set(nil, &before)
	set(&syscall.Rlimit{Cur: bytes, Max: before.Max}, nil)
	return func() { set(&before, nil) }
}

// freeze makes the files of a database immutable, also for who has them open.
func freeze(t *testing.T, path string) (heal func()) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	heal = func() {
		for _, file := range files {
			if err := immutable(file, false); err != nil && !errors.Is(err, fs.ErrNotExist) { // gone with its bot
				t.Error(err)
			}
		}
	}
	for i, file := range files {
		if strings.HasSuffix(file, "-shm") { // is memory
			continue
		}
		if err := immutable(file, true); err != nil {
			files = files[:i]
			heal()
			t.Skip("files can't be made immutable here, so only the limit shows what happens: ", err)
		}
	}
	t.Cleanup(heal) // or the folder can't be removed
	return heal
}

// immutable is chattr +i and chattr -i: https://man7.org/linux/man-pages/man2/ioctl_iflags.2.html
func immutable(path string, on bool) error {
	const get, set, flag = 0x80086601, 0x40086602, 0x10
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	var flags uint64 // of which the system uses an int
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), get, uintptr(unsafe.Pointer(&flags))); errno != 0 {
		return errno
	}
	flags &^= flag
	if on {
		flags |= flag
	}
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), set, uintptr(unsafe.Pointer(&flags))); errno != 0 {
		return errno
	}
	return nil
}

// TestTheDatabaseCantBeWrittenTo has writes fail while Genuin answers a call and while somebody asks for more: what was
// acknowledged ends well, and what can't be kept is refused with the form as it was.
func TestTheDatabaseCantBeWrittenTo(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, dir string)
		fail    func(w *faulty, path string) (heal func())
	}{
		"the disk is full":           {mountSmall, func(w *faulty, path string) func() { return fill(w.t, path) }},
		"the disk takes half a page": {nil, func(w *faulty, _ string) func() { return w.bot.limit(6000) }},
		"it became read-only":        {nil, func(w *faulty, _ string) func() { return w.bot.limit(0) }},
		"its files became read-only": {nil, func(w *faulty, path string) func() { return freeze(w.t, path) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if c.prepare != nil {
				c.prepare(t, dir)
			}
			path := filepath.Join(dir, "bot.db")
			w := startFaulty(t, "DATABASE_URL=sqlite:"+path)
			w.sent(w.form("First"), "First")
			w.underway("Under way")
			shown(t, path)
			third := w.form("Third")
			heal := c.fail(w, path)
			if got := w.refused(third); !strings.HasPrefix(got, ourFault) {
				t.Errorf("it says %q", got)
			}
			w.genuin.Release()
			until(t, "Genuin's answer can't be kept", func() bool {
				return strings.Contains(w.bot.errOut.String(), "keeping Genuin's answer failed")
			})
			w.ready(http.StatusServiceUnavailable)
			heal()
			w.ready(http.StatusOK)
			w.exists("slack", "Under way")
			w.sent(third, "Third") // the same form, with all that was filled in
			w.one("First", "Under way", "Third")
			w.bot.stop()
		})
	}
}

// TestAWriteThatFailsOnceHoldsUpNothing has writes fail for a moment, just when a card was posted and is to be noted.
func TestAWriteThatFailsOnceHoldsUpNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bot.db")
	w := startFaulty(t, "DATABASE_URL=sqlite:"+path)
	w.sent(w.form("First"), "First")
	shown(t, path)
	release := make(chan struct{})
	w.slack.Fail("chat.postMessage", 1, slackfake.Hold(release))
	w.underway("Under way")
	until(t, "its card is being posted", func() bool {
		return slices.ContainsFunc(w.slack.Requests(), func(r slackfake.Request) bool {
			return r.Method == "chat.postMessage" && r.Status == 0 && strings.Contains(r.Body, "Under")
		})
	})
	heal := w.bot.limit(0)
	close(release)
	until(t, "the job fails", func() bool { return strings.Contains(w.bot.errOut.String(), "a job failed") })
	w.genuin.Release()
	heal()
	w.exists("slack", "Under way")
	w.one("First", "Under way")
	w.bot.stop()
}
