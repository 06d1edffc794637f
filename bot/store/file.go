package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// sqlitePath returns the file that a DATABASE_URL names.
func sqlitePath(dbURL string) (string, error) {
	path, ok := strings.CutPrefix(dbURL, "sqlite:")
	if path = strings.TrimPrefix(path, "//"); !ok || path == "" {
		return "", fmt.Errorf("the database must be sqlite:PATH, such as sqlite:data/communitybot.db, or postgres://USER:PASSWORD@HOST/NAME")
	}
	return path, nil
}

// claimFile makes the file's folder and takes the lock beside the file, so that two processes never work on it.
func claimFile(path string) (*flock.Flock, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder %s can't be made: %w. Set DATABASE_URL to a place this user may write to", dir, err)
	}
	if err := writeProtected(path); err != nil {
		return nil, err
	}
	lock := flock.New(path + ".lock")
	free, err := lock.TryLock()
	if err == nil && free {
		err = private(path)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("the database %s can't be locked: %w. Set DATABASE_URL to a place this user may write to", path, err)
	case !free:
		return nil, fmt.Errorf("the database %s is in use by another communitybot. Stop that one first, or set DATABASE_URL to another file", path)
	}
	return lock, nil
}

// private makes the file, so that nobody else may read it, and leaves one that is there as it is.
func private(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// writeProtected returns an error when the file or its folder is marked read-only. Root could write to them all the
// same, but read-only is how somebody wants them to stay.
func writeProtected(path string) error {
	for _, p := range []string{filepath.Dir(path), path} {
		if info, err := os.Stat(p); err == nil && info.Mode().Perm()&0o222 == 0 {
			return fmt.Errorf("%s is read-only. Make it writable, or set DATABASE_URL to another place", p)
		}
	}
	return nil
}
