package store

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"modernc.org/sqlite"
)

// maxPrepared is how many statements a connection keeps: more than there are, without what is put together at random.
const maxPrepared = 128

// prepared opens connections to SQLite on which each statement is prepared once: to read its SQL takes SQLite longer than
// to do it. That goes for River's statements, too.
//
// What was begun is finished: an end of the context is looked at before a statement, and not while it runs. To watch it takes
// a goroutine for each, and none takes long.
type prepared string

var _ driver.Connector = prepared("")

// openPrepared opens a file.
func openPrepared(dsn string) *sql.DB { return sql.OpenDB(prepared(dsn)) }

// Connect opens a connection.
func (dsn prepared) Connect(context.Context) (driver.Conn, error) {
	c, err := new(sqlite.Driver).Open(string(dsn))
	if err != nil {
		return nil, err
	}
	return &preparedConn{sqliteConn: c.(sqliteConn), statements: map[string]*statement{}}, nil
}

// Driver returns the driver behind it.
func (dsn prepared) Driver() driver.Driver { return new(sqlite.Driver) }

// sqliteConn is what the driver's connections can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// prepares hears each statement that is prepared, for tests; nil: nobody does.
var prepares func(query string)

// preparedConn is one connection. database/sql uses it from one goroutine at a time.
type preparedConn struct {
	sqliteConn
	statements map[string]*statement
}

// statement is prepared, and lent while its rows are read.
type statement struct {
	driver.Stmt
	lent bool
}

// statement returns a prepared statement that nobody reads from; nil when it has to be prepared for this once. It fails when
// ctx has ended.
func (c *preparedConn) statement(ctx context.Context, query string) (*statement, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s := c.statements[query]; s != nil && !s.lent {
		return s, nil
	}
	if prepares != nil {
		prepares(query)
	}
	if s := c.statements[query]; s != nil || len(c.statements) >= maxPrepared {
		return nil, nil
	}
	s, err := c.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	kept := &statement{Stmt: s}
	c.statements[query] = kept
	return kept, nil
}

// ExecContext does a statement.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if s == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext does a statement that has an answer.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.lent = true
	return &lentRows{rows, s}, nil
}

// lentRows give their statement back.
type lentRows struct {
	driver.Rows
	of *statement
}

// Close ends the reading.
func (r *lentRows) Close() error {
	r.of.lent = false
	return r.Rows.Close()
}

// BeginTx begins a transaction.
func (c *preparedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.sqliteConn.BeginTx(context.WithoutCancel(ctx), o)
}

// Close closes the connection, and what was prepared on it.
func (c *preparedConn) Close() error {
	for _, s := range c.statements {
		_ = s.Close() // the connection's end is what counts
	}
	return c.sqliteConn.Close()
}
