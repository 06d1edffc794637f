package slackfake

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// checker collects the rules that a payload breaks, worded as Slack words them.
type checker struct{ broken []string }

func (c *checker) add(pointer, format string, values ...any) {
	c.broken = append(c.broken, fmt.Sprintf(format, values...)+" [json-pointer:"+pointer+"]")
}

func at(pointer string, key any) string { return fmt.Sprint(pointer, "/", key) }

func (c *checker) length(pointer, s string, least, most int) {
	switch n := utf8.RuneCountInString(s); {
	case n < least:
		c.add(pointer, "must be more than %d characters", least-1)
	case n > most:
		c.add(pointer, "must be less than %d characters", most+1)
	}
}

func (c *checker) items(pointer string, n, least, most int) {
	switch {
	case n < least:
		c.add(pointer, "no less than %d items allowed", least)
	case n > most:
		c.add(pointer, "no more than %d items allowed", most)
	}
}

// string checks the text under a key, if it is there.
func (c *checker) string(pointer string, o object, key string, most int) {
	v, there := o[key]
	if !there || v == nil {
		return
	}
	s, isText := v.(string)
	if !isText {
		c.add(at(pointer, key), "must provide a string")
		return
	}
	c.length(at(pointer, key), s, 0, most)
}

// text checks a text object under a key. https://docs.slack.dev/reference/block-kit/composition-objects/text-object
func (c *checker) text(pointer string, o object, key string, most int, required, plain bool) {
	v, there := o[key]
	if !there || v == nil {
		if required {
			c.add(pointer, "missing required field: %s", key)
		}
		return
	}
	t, isObject := v.(object)
	if !isObject {
		c.add(at(pointer, key), "must provide an object")
		return
	}
	c.words(at(pointer, key), t, most, plain)
}

// words checks a text object.
func (c *checker) words(pointer string, t object, most int, plain bool) {
	switch kind := str(t, "type"); {
	case kind != "plain_text" && kind != "mrkdwn":
		c.add(at(pointer, "type"), "unsupported type: %s", kind)
	case plain && kind != "plain_text":
		c.add(at(pointer, "type"), "must be a valid enum value")
	}
	s, isText := t["text"].(string)
	if !isText {
		c.add(pointer, "missing required field: text")
		return
	}
	c.length(at(pointer, "text"), s, 1, most)
}

// link checks a web address under a key, if it is there.
func (c *checker) link(pointer string, o object, key string, required bool) {
	if str(o, key) == "" {
		if required {
			c.add(pointer, "missing required field: %s", key)
		}
		return
	}
	c.string(pointer, o, key, 3000)
	u, err := url.Parse(str(o, key))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		c.add(at(pointer, key), "must be a valid URL")
	}
}

// number checks a whole number under a key and returns it, or otherwise when there is none.
func (c *checker) number(pointer string, o object, key string, least, most, otherwise int) int {
	v, there := o[key]
	if !there || v == nil {
		return otherwise
	}
	n, isNumber := v.(float64)
	switch {
	case !isNumber || n != float64(int(n)):
		c.add(at(pointer, key), "must provide an integer")
	case int(n) < least:
		c.add(at(pointer, key), "must be greater than %d", least-1)
	case int(n) > most:
		c.add(at(pointer, key), "must be less than %d", most+1)
	default:
		return int(n)
	}
	return otherwise
}

// oneOf checks the text under a key, if it is there.
func (c *checker) oneOf(pointer string, o object, key string, values ...string) {
	if v, there := o[key]; there && v != nil && !slices.Contains(values, str(o, key)) {
		c.add(at(pointer, key), "must be one of %s", strings.Join(values, ", "))
	}
}
