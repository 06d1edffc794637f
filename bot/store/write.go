package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"communitybot/bot"
	"communitybot/bot/crash"
)

// groupSize is how many writes share a commit at most. Each commit waits for the disk, so writes that come in while it
// does are put into the next one together.
const groupSize = 128

// besides is how many writes of work that nobody waits for go with those of people: they make each commit longer.
const besides = 8

// op is a write that waits for its group.
type op struct {
	ctx  context.Context
	run  write
	done chan<- error
}

// outcome is what became of one write of a group.
type outcome struct {
	op
	jobs []bot.Job
	err  error
}

var errClosed = errors.New("the store is closed")

// write runs one write; see engine. Its part of the group's transaction is undone when it fails, and nobody else's.
func (s *sqliteEngine) write(ctx context.Context, run write) error {
	done := make(chan error, 1)
	ops := s.ops
	if isBehind(ctx) {
		ops = s.later
	}
	select {
	case ops <- op{ctx, run, done}:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.ended:
		return errClosed
	}
	// ctx is no way out any more: whether it was committed must be known.
	select {
	case err := <-done:
		return err
	case <-s.ended:
	}
	select {
	case err := <-done:
		return err
	default:
		return errClosed
	}
}

// writer commits writes in groups until ctx ends.
func (s *sqliteEngine) writer(ctx context.Context) {
	defer close(s.ended)
	for {
		var first op
		people := 0 // who wait for the first one: it may be work that nobody waits for
		select {
		case first = <-s.ops:
			people = 1
		case first = <-s.later:
		case <-ctx.Done():
			return
		}
		group := more([]outcome{{op: first}}, s.ops, groupSize)
		most := groupSize
		if people+len(group) > 1 {
			most = len(group) + besides
		}
		s.commit(more(group, s.later, most))
	}
}

// more returns a group with what else waits, up to a size.
func more(group []outcome, ops <-chan op, most int) []outcome {
	for len(group) < most {
		select {
		case o := <-ops:
			group = append(group, outcome{op: o})
		default:
			return group
		}
	}
	return group
}

// commit runs the writes of a group in one transaction, answers them, and hands the jobs they ask for to the queue.
func (s *sqliteEngine) commit(group []outcome) {
	err := s.transact(group)
	var jobs []bot.Job
	for _, o := range group {
		if o.err == nil {
			o.err = err
		}
		if o.err == nil {
			jobs = append(jobs, o.jobs...)
		}
		o.done <- o.err
	}
	s.hand(jobs)
}

// transact runs the writes of a group in one transaction. Few fail, so that each is one of its own within it is left to a
// second try, when one did.
func (s *sqliteEngine) transact(group []outcome) error {
	failed, err := s.try(group, (*outcome).plainly)
	if failed && len(group) > 1 {
		_, err = s.try(group, (*outcome).apart)
	}
	return err
}

// try runs the writes of a group, each in a way, and reports whether one of them failed: then nothing is kept, unless that
// way keeps them apart. An error means that the transaction is lost.
func (s *sqliteEngine) try(group []outcome, way func(*outcome, *sql.Tx) (whole bool, err error)) (failed bool, err error) {
	tx, err := s.db.BeginTx(context.Background(), nil)
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	for i := range group {
		o := &group[i]
		if o.err = o.ctx.Err(); o.err != nil {
			continue
		}
		if whole, err := way(o, tx); err != nil || !whole {
			return err == nil, errors.Join(err, tx.Rollback())
		}
	}
	crash.At(crash.Committing)
	if err := tx.Commit(); err != nil {
		return false, fmt.Errorf("commit: %w", err)
	}
	crash.At(crash.Committed)
	return false, nil
}

// plainly runs the write. The transaction is whole unless it fails.
func (o *outcome) plainly(tx *sql.Tx) (whole bool, err error) {
	o.jobs, o.err = o.run(tx)
	return o.err == nil, nil
}

// apart runs the write in its own savepoint: the transaction is whole all the same.
func (o *outcome) apart(tx *sql.Tx) (whole bool, err error) {
	if _, err := tx.Exec(`SAVEPOINT one`); err != nil {
		return false, fmt.Errorf("savepoint: %w", err)
	}
	if whole, _ := o.plainly(tx); !whole {
		if _, err := tx.Exec(`ROLLBACK TO one`); err != nil {
			return false, fmt.Errorf("rollback: %w", err)
		}
	}
	if _, err := tx.Exec(`RELEASE one`); err != nil {
		return false, fmt.Errorf("release: %w", err)
	}
	return true, nil
}
