package schemas

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// path is one path of the API: "/channels/{channel_id}", with what it takes by method.
type path struct {
	template string
	parts    []string
	methods  map[string]any
}

// fits reports how many parts of a real path are named by p, -1 when it is another path.
func (p path) fits(parts []string) int {
	if len(parts) != len(p.parts) {
		return -1
	}
	named := 0
	for i, part := range p.parts {
		switch {
		case part == parts[i]:
			named++
		case !strings.HasPrefix(part, "{"):
			return -1
		}
	}
	return named
}

// operation finds what Discord says about a method and path. The prefix is where it says it, in the file.
func (d *Discord) operation(method, target string) (prefix string, operation map[string]any, err error) {
	u, err := url.Parse(target)
	if err != nil {
		return "", nil, err
	}
	parts := strings.Split(u.Path, "/")
	best := slices.MaxFunc(d.paths, func(a, b path) int { return a.fits(parts) - b.fits(parts) })
	method = strings.ToLower(method)
	operation = members(best.methods[method])
	if best.fits(parts) < 0 || operation == nil {
		return "", nil, fmt.Errorf("Discord has no %s %s", strings.ToUpper(method), u.Path)
	}
	return pointer("paths", best.template, method), operation, nil
}

// pointer is the location of something in the file.
func pointer(names ...string) string {
	var b strings.Builder
	b.WriteByte('#')
	for _, name := range names {
		b.WriteString("/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name)))
	}
	return b.String()
}

// checkQuery checks that the parameters in a query are known and of the right type.
func checkQuery(target string, operation map[string]any) error {
	_, raw, _ := strings.Cut(target, "?")
	values, err := url.ParseQuery(raw)
	if err != nil {
		return err
	}
	known := map[string]string{}
	parameters, _ := operation["parameters"].([]any)
	for _, p := range parameters {
		name, _ := members(p)["name"].(string)
		known[name], _ = members(p, "schema")["type"].(string)
	}
	for name := range values {
		kind, ok := known[name]
		if !ok {
			return fmt.Errorf("there is no parameter %q, only %q", name, slices.Sorted(maps.Keys(known)))
		}
		var wrong error
		switch kind {
		case "boolean":
			_, wrong = strconv.ParseBool(values.Get(name))
		case "integer":
			_, wrong = strconv.ParseInt(values.Get(name), 10, 64)
		}
		if wrong != nil {
			return fmt.Errorf("parameter %q is no %s", name, kind)
		}
	}
	return nil
}
