package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"communitybot/bot"
)

// List returns requests of a kind; see bot.Lookup. Each kind is read along an index of its own, and with two of them no
// further than the answer may be long.
func (s *Store) List(ctx context.Context, f bot.Filter) ([]bot.Request, error) {
	if f.Before == 0 {
		f.Before = math.MaxInt64
	}
	args := []any{f.Before, f.Limit}
	where := func(condition string, values ...any) string {
		marks := make([]any, len(values))
		for i, v := range values {
			args = append(args, v)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		condition = fmt.Sprintf(condition, marks...) + ` AND id < $1`
		if f.Waiting {
			condition += fmt.Sprintf(` AND state = '%s'`, bot.Pending) // no parameter, or the index of those is not used
		}
		return condition
	}
	var kinds []string
	if f.By != nil {
		kinds = append(kinds, where(`platform = %s AND user_id = %s`, f.By.Platform, f.By.ID))
	}
	if f.In != nil {
		kinds = append(kinds, where(`decided_in = %s`, within(*f.In)))
	}
	kind := ""
	switch len(kinds) {
	case 0:
		kind = where(`TRUE`)
	case 1:
		kind = kinds[0]
	default:
		newest := `SELECT id FROM (SELECT id FROM requests WHERE %s ORDER BY id DESC LIMIT $2) AS newest`
		kind = fmt.Sprintf(`id IN (`+newest+` UNION `+newest+`)`, kinds[0], kinds[1])
	}
	rows, err := s.read.QueryContext(ctx, selectRequest+` WHERE `+kind+` ORDER BY id DESC LIMIT $2`, args...)
	return s.collect(rows, err)
}

// collect reads rows of selectRequest. One that can't be read is left out, and logged once: it must not hold up the others.
func (s *Store) collect(rows *sql.Rows, err error) (list []bot.Request, _ error) {
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := load(rows)
		switch {
		case err == nil:
			list = append(list, r)
		case r.ID == 0:
			return nil, err
		default:
			if _, known := s.unreadable.LoadOrStore(r.ID, true); !known {
				s.log.Error("a request is left out", "request", r.ID, "err", err)
			}
		}
	}
	return list, rows.Err()
}
