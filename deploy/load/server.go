package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startsWithin is how long a server may take until it answers.
const startsWithin = 30 * time.Second

// server is a contender that runs.
type server struct {
	cmd     *exec.Cmd
	address string
	said    *bytes.Buffer
	ended   chan error
	first   time.Duration // from exec to its first right answer
	ready   time.Duration // from exec to /readyz, if it has one
}

// launch starts a command on one core, with a free port to listen on, and waits until it answers a request rightly. Then it
// must refuse one that was tampered with.
func launch(cmd *exec.Cmd, core string, k kind, n *numbers) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{address: l.Addr().String(), said: &bytes.Buffer{}, ended: make(chan error, 1)}
	_, port, err := net.SplitHostPort(s.address)
	if err != nil {
		return nil, err
	}
	if err := l.Close(); err != nil {
		return nil, err
	}
	cmd.Env = append(cmd.Env, "PATH="+os.Getenv("PATH"), "PORT="+port, "LISTEN_ADDR="+s.address)
	if core != "" {
		cmd.Args = append([]string{"taskset", "-c", core, cmd.Path}, cmd.Args[1:]...)
		cmd.Env = append(cmd.Env, "GOMAXPROCS=1")
		if cmd.Path, err = exec.LookPath("taskset"); err != nil {
			return nil, err
		}
	}
	cmd.Stdout, cmd.Stderr = s.said, s.said
	s.cmd = cmd
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.ended <- cmd.Wait() }()
	if err := s.await(began, k, n); err != nil {
		_ = cmd.Process.Kill()
		<-s.ended
		return nil, fmt.Errorf("%w\n%s", err, s.said)
	}
	return s, nil
}

// await asks until there is a right answer.
func (s *server) await(began time.Time, k kind, n *numbers) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for time.Since(began) < startsWithin {
		select {
		case err := <-s.ended:
			s.ended <- err
			return fmt.Errorf("it ended early: %w", err)
		case <-tick.C:
		}
		if s.ready == 0 {
			status, _, err := once(s.address, []byte("GET /readyz HTTP/1.1\r\nHost: bot\r\n\r\n"))
			if err != nil {
				continue
			}
			if status == http.StatusOK {
				s.ready = time.Since(began)
			}
		}
		status, body, err := once(s.address, k.signed(nil, n.next()))
		if err == nil {
			err = k.check(status, body)
		}
		if err != nil {
			return err
		}
		s.first = time.Since(began)
		return refuses(s.address, k)
	}
	return fmt.Errorf("no answer within %s", startsWithin)
}

// stop ends the server.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.ended:
		return nil
	case <-time.After(startsWithin):
		_ = s.cmd.Process.Kill()
		<-s.ended
		return fmt.Errorf("it did not end within %s", startsWithin)
	}
}

// cpu returns the processor time that the server has used.
func (s *server) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// After the name in brackets come the state and so on; utime and stime are the 12th and 13th of them, in hundredths.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory returns what the server holds in memory now ("VmRSS") or held at most ("VmHWM"), in MB.
func (s *server) memory(what string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), what+":")
	text, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kb, _ := strconv.Atoi(text)
	return float64(kb) / 1024
}
