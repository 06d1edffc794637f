package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a Postgres server on this machine, with its data in a folder of its own. It ends with Stop, or with this process,
// however that ends.
type Server struct {
	bin  string // the folder of its programs
	dir  string
	port int

	cmd *exec.Cmd
	in  io.Closer // as long as it is open the server runs
}

// programs returns the folder of Postgres's programs, of the newest version that is installed.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { // 9 comes before 15
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			found = append(found, path)
		}
	}
	if len(found) == 0 {
		return "", errors.New("no PostgreSQL here, neither in /usr/lib/postgresql nor in PATH: on Debian, apt-get install postgresql")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// Start starts a server.
func Start() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "communitybot-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.Run(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// prepare makes the server's files.
func (s *Server) prepare() error {
	secret := filepath.Join(s.dir, "password")
	if err := os.WriteFile(secret, []byte(Password), 0o600); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return err
	}
	init := s.command(filepath.Join(s.bin, "initdb"), "-D", s.data(), "-U", "bot", "-A", "scram-sha-256", "--pwfile", secret,
		"-E", "UTF8", "--locale", "C", "--no-sync")
	if err := s.own(); err != nil {
		return err
	}
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }
func (s *Server) log() string  { return filepath.Join(s.dir, "log") }

// Run starts the server, after Start did not, or after Kill.
func (s *Server) Run() error {
	// The shell waits for the end of its input, which comes with the end of this process, too, and takes the server with it.
	s.cmd = s.command("/bin/sh", "-c", `exec 3<&0; "$@" 3<&- </dev/null & server=$!
		(cat <&3 >/dev/null; kill -QUIT $server) & waits=$!
		wait $server; kill $waits 2>/dev/null`, "sh",
		filepath.Join(s.bin, "postgres"), "-D", s.data(), "-p", fmt.Sprint(s.port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return err
	}
	s.in = in
	out, err := os.OpenFile(s.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	s.cmd.Stdout, s.cmd.Stderr = out, out
	if err := errors.Join(s.cmd.Start(), out.Close()); err != nil {
		return err
	}
	if err := s.answers(); err != nil {
		s.Kill()
		said, _ := os.ReadFile(s.log())
		return fmt.Errorf("postgres does not answer: %w\n%s", err, said)
	}
	return nil
}

// answers waits until the server does.
func (s *Server) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

// URL returns the URL of a database.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres://bot:%s@127.0.0.1:%d/%s?sslmode=disable", Password, s.port, database)
}

// Kill ends the server at once: connections break, and what was committed is found at the next Run.
func (s *Server) Kill() {
	_ = s.in.Close()
	_ = s.cmd.Wait() // it ended by a signal
}

// Shutdown ends the server in good order: work under way is broken off, connections are closed.
func (s *Server) Shutdown() error {
	said, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(said), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// Stop ends the server and removes its files.
func (s *Server) Stop() {
	s.Kill()
	_ = os.RemoveAll(s.dir)
}
