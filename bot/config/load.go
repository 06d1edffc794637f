package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
)

// Load reads a Config from environ, in the form of os.Environ, and from the file dotenv, whose values stand below those
// of environ. A file that does not exist is fine; "" reads none. The process's environment is left as it is.
//
// The error is a *Problems that lists all there is to put right. The Config then holds what could be read, for commands
// that need only part of it.
func Load(environ []string, dotenv string) (Config, error) {
	l := &loader{}
	values := l.file(dotenv)
	maps.Copy(values, env.ToMap(environ))
	l.use(values)

	var c Config
	if err := l.parse(&c); err != nil {
		return Config{}, err
	}
	l.check(&c)
	return c, l.err()
}

// loader collects what is wrong while a Config comes together.
type loader struct {
	values   map[string]string // of known variables, those that are set
	secrets  []string          // among values
	current  string            // the variable that is being parsed
	problems []Problem
	halfRead bool // the file could not be read to its end: what seems missing may stand there
	nothing  bool // neither a platform nor Genuin is configured
}

// file returns the values of a .env file: those before the first malformed line.
func (l *loader) file(name string) map[string]string {
	if name == "" {
		return map[string]string{}
	}
	text, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return map[string]string{}
	case err != nil:
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		l.wrong(name, fmt.Sprintf("cannot be read: %v", err))
		l.halfRead = true
		return map[string]string{}
	}
	values, line := parseFile(text)
	if line > 0 {
		l.wrong(name, fmt.Sprintf("line %d is not of the form NAME=value; a value that starts with a quote must end with it", line))
		l.halfRead = true
	}
	return values
}

// parseFile returns the values of a .env file, and the number of its first malformed line; 0 when there is none.
// The parser's own error quotes the rest of the file, with the secrets in it, so it is never shown; the line is found by
// looking for the longest beginning of the file that can be parsed.
func parseFile(text []byte) (map[string]string, int) {
	text = bytes.TrimPrefix(text, []byte("\uFEFF")) // some Windows editors start a file with it
	if values, ok := unmarshal(text); ok {
		return values, 0
	}
	lines := slices.Collect(bytes.Lines(text))
	for n := len(lines) - 1; n > 0; n-- {
		if values, ok := unmarshal(bytes.Join(lines[:n], nil)); ok {
			return values, n + 1
		}
	}
	return map[string]string{}, 1
}

func unmarshal(text []byte) (map[string]string, bool) {
	values, err := godotenv.UnmarshalBytes(text)
	// A last line without "=" gets past godotenv as a variable without a name.
	_, nameless := values[""]
	return values, err == nil && !nameless
}

// use keeps the values of known variables that are set.
func (l *loader) use(values map[string]string) {
	l.values = make(map[string]string)
	for _, v := range Variables() {
		value := strings.TrimSpace(values[v.Name])
		if value == "" {
			continue
		}
		l.values[v.Name] = value
		if v.Secret {
			l.secrets = append(l.secrets, value)
		}
	}
	l.secrets = append(l.secrets, DatabaseURL(l.values["DATABASE_URL"]).passwords()...)
}

// parse fills c in. What can't be parsed is a problem and stays zero; an error is a mistake in Config's tags.
func (l *loader) parse(c *Config) error {
	return env.ParseWithOptions(c, env.Options{
		Environment: l.values,
		FuncMap:     l.parsers(),
		// env tells a parser the value but not the variable: remember it.
		OnSet: func(name string, _ any, _ bool) { l.current = name },
	})
}

// wrong notes a problem with a variable; the same one twice, as of two items of a list, is noted once.
func (l *loader) wrong(variable, what string) {
	if p := (Problem{Variable: variable, What: what}); !slices.Contains(l.problems, p) {
		l.problems = append(l.problems, p)
	}
}

// missing notes that a variable must be set.
func (l *loader) missing(variable, what string) {
	if !l.halfRead {
		l.wrong(variable, what)
	}
}

// show quotes a value for a problem, unless it may be a secret that was pasted into the wrong line: one of the secrets
// that are set, something long, a token of Slack's, a URL with a password before an @.
func (l *loader) show(value string) string {
	known := slices.ContainsFunc(l.secrets, func(s string) bool { return strings.Contains(value, s) })
	token := strings.HasPrefix(value, "xox") || strings.HasPrefix(value, "xapp-") || strings.Contains(value, "@")
	if known || token || utf8.RuneCountInString(value) > 40 {
		return "text that is not shown here"
	}
	return strconv.Quote(value)
}

// sound reports whether a variable has no problem so far.
func (l *loader) sound(variable string) bool {
	return !slices.ContainsFunc(l.problems, func(p Problem) bool { return p.Variable == variable })
}

// err returns all problems in the order of Config: those with no variable of their own, as the file, come first.
func (l *loader) err() error {
	if len(l.problems) == 0 && !l.nothing {
		return nil
	}
	order := map[string]int{}
	for i, v := range Variables() {
		order[v.Name] = i + 1
	}
	slices.SortStableFunc(l.problems, func(a, b Problem) int { return cmp.Compare(order[a.Variable], order[b.Variable]) })
	return &Problems{List: l.problems, Nothing: l.nothing}
}
