package config

import (
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// hidden stands where a secret was.
const hidden = "[secret]"

// Secret is a value that prints as [secret]. string(s) is the value itself.
type Secret string

// String returns [secret], or nothing for no secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText is String, for JSON and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// DatabaseURL is where the database is. It prints without the user and the password; string(d) is all of it.
type DatabaseURL string

// String returns a path as it is, and a URL up to its path without user and password.
func (d DatabaseURL) String() string {
	if d == "" || strings.HasPrefix(string(d), "sqlite:") {
		return string(d)
	}
	u, err := d.parse()
	if err != nil {
		return hidden
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// GoString is String, for %#v.
func (d DatabaseURL) GoString() string { return d.String() }

// MarshalText is String, for JSON and the like.
func (d DatabaseURL) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// parse reads a postgres URL. One that a stray character in the password cuts short is an error: what looks like its
// host is part of the password. Errors may quote the password.
func (d DatabaseURL) parse() (*url.URL, error) {
	u, err := url.Parse(string(d))
	if err != nil {
		return nil, err
	}
	if u.Fragment != "" || (u.User == nil && strings.Contains(string(d), "@")) {
		return nil, errors.New("a part of the password was taken for the end of the URL")
	}
	return u, nil
}

// passwords returns the passwords in a URL, as they are written and as they are meant.
func (d DatabaseURL) passwords() []string {
	_, rest, ok := strings.Cut(string(d), "://")
	if !ok {
		return nil
	}
	var found []string
	// Not by url.Parse: a password with a stray / ? or # makes that fail, and must be hidden all the more. So everything
	// up to the last @ is looked at, too.
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	for _, s := range []string{authority, rest} {
		_, password, _ := strings.Cut(s[:max(0, strings.LastIndex(s, "@"))], ":")
		meant, _ := url.PathUnescape(password)
		found = append(found, password, meant)
	}
	_, query, _ := strings.Cut(rest, "?")
	values, _ := url.ParseQuery(query) // what could be read of it
	found = append(found, values.Get("password"), values.Get("sslpassword"))

	slices.Sort(found)
	return slices.DeleteFunc(slices.Compact(found), func(s string) bool { return s == "" })
}

// Secrets returns the values that must never be printed.
func (c Config) Secrets() []string {
	var all []string
	each(reflect.ValueOf(c), func(v Variable, value reflect.Value) {
		if v.Secret && value.String() != "" {
			all = append(all, value.String())
		}
	})
	return append(all, c.DatabaseURL.passwords()...)
}
