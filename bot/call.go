package bot

import (
	"maps"
	"net/url"
	"strings"
)

// Values are what a person filled in, by field name. Several choices are separated by commas.
type Values map[string]string

// With returns a copy in which the values of more stand over its own.
func (v Values) With(more Values) Values {
	merged := make(Values, len(v)+len(more))
	maps.Copy(merged, v)
	maps.Copy(merged, more)
	return merged
}

// Call names a command and the values it has so far. A button carries one as text.
type Call struct {
	Command string
	Values  Values
}

// String returns the call as text that ParseCall reads: "approve?id=42&v=3". Discord takes 100 bytes at most.
func (c Call) String() string {
	if len(c.Values) == 0 {
		return c.Command
	}
	q := make(url.Values, len(c.Values))
	for k, v := range c.Values {
		q.Set(k, v)
	}
	return c.Command + "?" + q.Encode()
}

// ParseCall reads what String wrote. Text of any other form is an Invalid error.
func ParseCall(s string) (Call, error) {
	name, query, _ := strings.Cut(s, "?")
	q, err := url.ParseQuery(query)
	if err != nil || name == "" || strings.ContainsAny(name, "&=%") {
		return Call{}, &Error{Code: Invalid, Err: err}
	}
	c := Call{Command: name}
	for k, v := range q {
		if c.Values == nil {
			c.Values = make(Values, len(q))
		}
		c.Values[k] = v[0]
	}
	return c, nil
}
