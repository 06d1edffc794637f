package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"communitybot/bot"
	"communitybot/bot/store"
)

// where is the channel of all requests, and who has asked for those that wait.
var (
	where = map[string]bot.Place{
		slackPlatform:   {Platform: slackPlatform, Tenant: "T0FAKE", Channel: "C0000001"},
		discordPlatform: {Platform: discordPlatform, Tenant: "1100000000000000002", Channel: "121000000000000001"},
	}
	asker = map[string]string{slackPlatform: "U9000000", discordPlatform: "131000000009000000"}
)

// seed makes a database with requests 1 to count, each shown to people and waiting for two to agree. Nobody reminds of them
// and none expires: what is measured is what people do.
func seed(ctx context.Context, path, platform string, count int) (err error) {
	s, err := store.Open(ctx, store.Options{URL: "sqlite:" + path, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(128) // so many share a commit
	for i := range count {
		group.Go(func() error {
			_, err := s.Add(ctx, waiting(platform, i+1))
			return err
		})
	}
	return group.Wait()
}

// elsewhere is from which number on requests are spread over other workspaces: more than are measured otherwise.
const elsewhere = 25_000

// waiting is a request as it stands once its card and the first line below it are posted.
func waiting(platform string, n int) bot.Request {
	now := time.Now()
	at := where[platform]
	by := bot.User{Platform: platform, ID: asker[platform], Name: "ada"}
	if n > elsewhere {
		at.Tenant = fmt.Sprintf("T%d", n%tenants)
		by.ID = fmt.Sprintf("%s%d", by.ID, n%tenants)
	}
	e := bot.Event{ID: fmt.Sprintf("seed:%d", n), By: by, At: at}
	r := bot.NewRequest(e, bot.Community{
		Name: fmt.Sprintf("Cricket fans %d", n), Handle: fmt.Sprintf("seed-%d", n), Type: "1", Tags: []string{"cricket", "north"},
		Description: "Everything about cricket in the north: fixtures, scores, and where to watch. #cricket #north",
	}, "", bot.Policy{Required: 2}, now)
	asked := r.News()[0]
	card := at
	card.Message = fmt.Sprintf("1795944258.%06d", n)
	r.Posted(0, card, r.Changed)
	r.Told(0, asked, card, now)
	r.Tasks = nil // they are done
	return r
}

// database returns a fresh copy of the seeded database for a bot.
func (b *bench) database(platform string) (string, error) {
	seeded := filepath.Join(b.dir, platform+".db")
	if _, err := os.Stat(seeded); errors.Is(err, os.ErrNotExist) {
		if err := seed(context.Background(), seeded, platform, b.seeds); err != nil {
			return "", fmt.Errorf("seed %s: %w", seeded, err)
		}
	}
	dir, err := os.MkdirTemp(b.dir, "bot")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "bot.db")
	return path, copyFile(path, seeded)
}

func copyFile(to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync() // so that writing it back does not fall into what is measured
}
