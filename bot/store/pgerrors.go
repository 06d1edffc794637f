package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// errUnknown says that the connection was lost in a commit: the write may be kept, or not.
var errUnknown = errors.New("the database did not say whether it kept it")

// Codes of https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	pgUnique         = "23505"
	pgSerialization  = "40001"
	pgDeadlock       = "40P01"
	pgNoDatabase     = "3D000"
	pgNoPrivilege    = "42501"
	pgReadOnly       = "25006"
	pgTooMany        = "53300"
	pgDiskFull       = "53100"
	pgAdminShutdown  = "57P01"
	pgCrashShutdown  = "57P02"
	pgStarting       = "57P03"
	pgIdleTooLong    = "25P03" // within a transaction
	pgNotIn          = "28"    // and what follows: user and password
	pgConnectionLost = "08"
)

func pgCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// answered reports whether the database itself said that something failed.
func answered(err error) bool { return pgCode(err) != "" }

func (p *postgresEngine) duplicate(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == pgUnique {
		return e.ConstraintName
	}
	return ""
}

// passing reports whether an error says that the database was out of reach for a moment, and that nothing was kept.
func passing(err error) bool {
	if errors.Is(err, errUnknown) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return false
	}
	switch code := pgCode(err); code {
	case pgSerialization, pgDeadlock, pgAdminShutdown, pgCrashShutdown, pgStarting, pgIdleTooLong, pgTooMany:
		return true
	default:
		if code != "" {
			return strings.HasPrefix(code, pgConnectionLost)
		}
	}
	var network net.Error
	var connecting *pgconn.ConnectError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.As(err, &network) || errors.As(err, &connecting) || pgconn.SafeToRetry(err)
}

// explainPostgres puts what Postgres says when it is connected to in words for an operator. No password is in them.
func explainPostgres(c *pgxpool.Config, err error) error {
	to := c.ConnConfig
	name := fmt.Sprintf("the database %s on %s", to.Database, net.JoinHostPort(to.Host, fmt.Sprint(to.Port)))
	code := pgCode(err)
	var connecting *pgconn.ConnectError
	what := ""
	switch {
	case errors.Is(err, errNewer):
		what = "is not for this communitybot (%w). Start the newer one, or put a backup in its place"
	case strings.HasPrefix(code, pgNotIn):
		what = "does not let this user in (%w). Correct the user and the password in DATABASE_URL"
	case code == pgNoDatabase:
		what = "is not there (%w). Make it first, as with createdb, or correct DATABASE_URL"
	case code == pgNoPrivilege:
		what = "does not let this user make or use tables (%w). Let the database belong to the user"
	case code == pgReadOnly:
		what = "is read-only (%w). Set DATABASE_URL to the one that can be written to"
	case code == pgTooMany:
		what = "has no connection left (%w). Raise its max_connections, or put pool_max_conns=N in DATABASE_URL"
	case code == pgDiskFull:
		what = "has no room left on its disk (%w)"
	case code == pgStarting, code == pgAdminShutdown:
		what = "is starting or stopping (%w). Try again in a moment"
	case errors.As(err, &connecting):
		what = "can't be reached (%w). Start it, or correct DATABASE_URL"
	default:
		what = "can't be used: %w"
	}
	return fmt.Errorf("%s "+what, name, err)
}
