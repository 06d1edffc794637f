// Package schemas checks what goes between a bot and a platform by descriptions that the platforms publish: Discord's
// OpenAPI file, and schemas made of Slack's own types. Only tests use it.
//
// It imports the standard library and santhosh-tekuri/jsonschema.
package schemas

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Folder names an environment variable: where the descriptions are, when that is not a folder "shared" beside this
// repository.
const Folder = "COMMUNITYBOT_SHARED"

// read returns the JSON of one of the descriptions. The error wraps fs.ErrNotExist when it is not there.
func read(name string) (any, error) {
	path, err := find(name)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return doc, nil
}

// find looks where Folder says, or beside every folder from here upwards.
func find(name string) (string, error) {
	if dir := os.Getenv(Folder); dir != "" {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("%s is wrong: %v", Folder, err) // not that it is not there: somebody says that it is
		}
		return path, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, "shared", name)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path, err
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", fmt.Errorf("no folder shared with %s; %s can say where it is: %w", name, Folder, fs.ErrNotExist)
		}
		dir = above
	}
}

// compiler compiles parts of a description when they are first needed.
type compiler struct {
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

func newCompiler(draft *jsonschema.Draft) *compiler {
	c := &compiler{compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	c.compiler.DefaultDraft(draft)
	c.compiler.AssertFormat()
	return c
}

// check validates JSON by the schema at a location. Its error names every place where the value is not as it should be.
func (c *compiler) check(location string, body []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return c.checkValue(location, value)
}

func (c *compiler) checkValue(location string, value any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	schema := c.compiled[location]
	if schema == nil {
		var err error
		if schema, err = c.compiler.Compile(location); err != nil {
			return err
		}
		c.compiled[location] = schema
	}
	err := schema.Validate(value)
	if wrong, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		problems := explain(wrong)
		slices.Sort(problems)
		return errors.New(strings.Join(slices.Compact(problems), "; "))
	}
	return err
}

// explain lists what is wrong, each with where. Of alternatives it keeps those that are of the value's type, if any.
func explain(e *jsonschema.ValidationError) []string {
	if len(e.Causes) == 0 {
		return []string{e.Error()}
	}
	causes := e.Causes
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		at := len(e.InstanceLocation)
		same := slices.DeleteFunc(slices.Clone(causes), func(c *jsonschema.ValidationError) bool { return otherType(c, at) })
		if len(same) > 0 {
			causes = same
		}
	}
	var all []string
	for _, c := range causes {
		all = append(all, explain(c)...)
	}
	return all
}

// otherType reports whether an alternative failed because it is for another kind of thing: by its "type", or by JSON's.
func otherType(e *jsonschema.ValidationError, depth int) bool {
	switch e.ErrorKind.(type) {
	case *kind.Type:
		return len(e.InstanceLocation) == depth
	case *kind.Const, *kind.Enum:
		return len(e.InstanceLocation) == depth+1 && e.InstanceLocation[depth] == "type"
	}
	return slices.ContainsFunc(e.Causes, func(c *jsonschema.ValidationError) bool { return otherType(c, depth) })
}
