package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"communitybot/bot"
)

// Check looks for doctor whether the database can be used. It changes nothing, and works beside a running bot.
func Check(ctx context.Context, dbURL string) bot.Finding {
	f := bot.Finding{Name: "database"}
	if isPostgres(dbURL) {
		f.Detail, f.Err = lookAtPostgres(ctx, dbURL)
		return f
	}
	path, err := sqlitePath(dbURL)
	if err == nil {
		f.Detail, err = look(ctx, path)
	}
	f.Err = err
	return f
}

func look(ctx context.Context, path string) (string, error) {
	if err := writeProtected(path); err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return path + " is not there yet; the first start makes it", roomFor(path)
	}
	if err != nil {
		return "", fmt.Errorf("%s can't be written to: %w", path, err)
	}
	if err := file.Close(); err != nil {
		return "", err
	}
	db, err := sql.Open("sqlite", dsn(path, "&_pragma=query_only(1)"))
	if err != nil {
		return "", err
	}
	if err := errors.Join(check(ctx, db, path), db.Close()); err != nil {
		return "", explainSQLite(path, err)
	}
	return path + " is sound", nil
}

// roomFor tries whether a file can be made at path, or a folder for it.
func roomFor(path string) error {
	dir := filepath.Dir(path)
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	file, err := os.CreateTemp(dir, ".communitybot-*")
	if err != nil {
		return fmt.Errorf("nothing can be made in %s: %w. Set DATABASE_URL to a place this user may write to", dir, err)
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}
