package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// lifeRate is how many requests a second live through a whole life, while what that costs is measured.
const lifeRate = 100

// life is what one request costs, from the command to the link in its thread, with one approval.
type life struct {
	cpu               time.Duration // of the bot
	platform, creator float64       // calls to the platform's API, and to Genuin
	size              float64       // bytes of the database
}

// runLives measures whole lives on each platform, in each round.
func (b *bench) runLives(ctx context.Context) error {
	b.lives = map[string][]life{}
	if b.only != nil && !b.only.MatchString("lives") {
		return nil
	}
	for round := range b.rounds {
		for _, platform := range []string{slackPlatform, discordPlatform} {
			fmt.Fprintf(os.Stderr, "round %d of %d: whole lives, %s\n", round+1, b.rounds, platform)
			l, err := b.live(ctx, platform)
			if err != nil {
				return fmt.Errorf("whole lives, %s: %w", platform, err)
			}
			b.lives[platform] = append(b.lives[platform], l)
		}
	}
	return nil
}

// asks is how people are shown the form.
var asks = map[string]string{slackPlatform: withForm, discordPlatform: "component"}

// live measures requests that are asked for, approved, made and answered.
func (b *bench) live(ctx context.Context, platform string) (l life, err error) {
	own := *b
	if own.upstream, err = startUpstream(); err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, own.upstream.close()) }()
	dir, err := os.MkdirTemp(b.dir, "life")
	if err != nil {
		return l, err
	}
	database := filepath.Join(dir, "bot.db")
	cmd := exec.Command(b.binary)
	cmd.Dir = b.dir
	cmd.Env = append(own.common(), "DATABASE_URL=sqlite:"+database, "APPROVALS_REQUIRED=1")
	n := &numbers{}
	s, err := launch(cmd, b.core, kinds[platform][0], n)
	if err != nil {
		return l, err
	}
	stopped := false
	defer func() {
		if !stopped {
			err = errors.Join(err, s.stop())
		}
	}()
	empty, err := small(database)
	if err != nil {
		return l, err
	}
	cpu := s.cpu()
	own.upstream.forget()
	n.last.Store(people / 4) // nobody approves what they asked for: clicks count from 1
	for _, step := range []struct {
		kind    string
		numbers *numbers
	}{{asks[platform], n}, {submission, n}, {button, &numbers{}}} {
		if _, err := b.openLoop(ctx, s, kindOf(platform, step.kind), step.numbers, lifeRate, b.openFor); err != nil {
			return l, err
		}
	}
	count := int(b.openFor.Seconds() * lifeRate)
	if _, err := own.upstream.settle(count); err != nil {
		return l, err
	}
	l.cpu = (s.cpu() - cpu) / time.Duration(count)
	stopped = true
	if err := s.stop(); err != nil { // what it still had to write is in the database, and in its place
		return l, err
	}
	full, err := small(database)
	l.size = float64(full-empty) / float64(count)
	l.platform, l.creator = own.upstream.calls(count)
	return l, err
}

// small returns the size of a database and of what is beside it.
func small(database string) (int64, error) {
	files, err := filepath.Glob(database + "*")
	if err != nil {
		return 0, err
	}
	var size int64
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	return size, nil
}

// counting counts requests to Genuin and to all else.
func (u *upstream) counting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/thirdparty/") {
			u.made.Add(1)
		} else {
			u.served.Add(1)
		}
		next.ServeHTTP(w, r)
	})
}

// forget starts counting anew.
func (u *upstream) forget() {
	u.made.Store(0)
	u.served.Store(0)
}

// calls returns how many requests were served for each of so many.
func (u *upstream) calls(count int) (platform, genuin float64) {
	return float64(u.served.Load()) / float64(count), float64(u.made.Load()) / float64(count)
}

// costs writes what a whole life costs.
func (b *bench) costs(s *strings.Builder) {
	if len(b.lives) == 0 {
		return
	}
	fmt.Fprintf(s, "\n**A request's whole life**: command, form, submission, one approval, community, link in the thread; %d of each a second\n\n"+
		"| | CPU ms | calls to the platform | calls to Genuin | KB in the database |\n|---|---|---|---|---|\n", lifeRate)
	for _, platform := range []string{slackPlatform, discordPlatform} {
		rounds := b.lives[platform]
		fmt.Fprintf(s, "| %s | %s | %.1f | %.1f | %.1f |\n", platform, ms(median(rounds, func(l life) time.Duration { return l.cpu })),
			median(rounds, func(l life) float64 { return l.platform }), median(rounds, func(l life) float64 { return l.creator }),
			median(rounds, func(l life) float64 { return l.size / 1024 }))
	}
}
