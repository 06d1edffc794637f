package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// sources are the parsed files of a folder, without its tests.
func sources(t *testing.T, folder string) (*token.FileSet, map[string]*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set, files := token.NewFileSet(), make(map[string]*ast.File)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = f
	}
	if len(files) < 5 {
		t.Fatalf("%s has %d files of Go: is it still the folder?", folder, len(files))
	}
	return set, files
}

// constants are the values that package bot declares for one of its types of string, in order.
func constants[T ~string](t *testing.T) (values []T) {
	t.Helper()
	kind := reflect.TypeFor[T]().Name()
	_, files := sources(t, "..")
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if ok && source(spec.Type) == kind {
				for _, v := range spec.Values {
					values = append(values, T(text(v)))
				}
			}
			return !ok
		})
	}
	if len(values) == 0 {
		t.Fatalf("package bot has no constants of type %s", kind)
	}
	slices.Sort(values)
	return values
}

// text is what a literal of text says, or nothing for any other expression.
func text(e ast.Node) string {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		s, _ := strconv.Unquote(l.Value)
		return s
	}
	return ""
}

func TestEveryStateAndAllThatHappensHaveWords(t *testing.T) {
	states := constants[bot.State](t)
	happens := slices.DeleteFunc(constants[bot.What](t), func(w bot.What) bool { return w == bot.WasTold }) // nobody is shown that
	for _, w := range All() {
		for at, diff := range map[string]string{
			"Card.Status": gocmp.Diff(states, slices.Sorted(maps.Keys(w.Card.Status))),
			"Card.Stands": gocmp.Diff(states, slices.Sorted(maps.Keys(w.Card.Stands))),
			"List.What":   gocmp.Diff(happens, slices.Sorted(maps.Keys(w.List.What))),
		} {
			if diff != "" {
				t.Errorf("%s: %s (-declared +has words):\n%s", w.Language, at, diff)
			}
		}
	}
}

// forOperators are the files whose words people do not see: what the doctor finds, the app that an administrator
// installs, what is registered of it, why a connection ended, and what a caller is told that is no platform.
var forOperators = []string{"check.go", "manifest.go", "register.go", "verdict.go", "http.go"}

// TestNoWordsForPeopleStandElsewhere finds what looks like a sentence or a label, and that no translator would find.
func TestNoWordsForPeopleStandElsewhere(t *testing.T) {
	for _, folder := range []string{"../../commands", "../../adapters/slack", "../../adapters/discord"} {
		set, files := sources(t, folder)
		for _, path := range slices.Sorted(maps.Keys(files)) {
			if slices.Contains(forOperators, filepath.Base(path)) {
				continue
			}
			for _, found := range forPeople(files[path]) {
				t.Errorf("%s: %s", set.Position(found.Pos()), found.Value)
			}
		}
	}
}

var (
	readable = regexp.MustCompile(`\p{L}{2,}[,;:.]? \p{L}{2,}|^\p{Lu}\p{Ll}+[….:!?]*$`)               // two words, or one written large
	logged   = regexp.MustCompile(`^(slack|discord): `)                                               // as every line of a platform's log begins
	same     = regexp.MustCompile(`^(Slack|Discord|Genuin|Authorization|application/.*|\[.*\])$`)     // in every language: names, what a body holds, and, in brackets, what can be typed
	unseen   = regexp.MustCompile(`^(fmt\.Errorf|errors\.New|http\.Error|panic|(.*\.)?[Ll]og\.\w+)$`) // calls for logs
)

// forPeople are the literals in a file that look as if people were to read them.
func forPeople(f *ast.File) (found []*ast.BasicLit) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field: // its tag is not for people
			return false
		case *ast.CallExpr:
			return !unseen.MatchString(source(n.Fun))
		case *ast.BasicLit:
			s := text(n)
			typed := strings.Contains(English.Commands.Text.About, s)
			if readable.MatchString(s) && !typed && !logged.MatchString(s) && !same.MatchString(s) {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

// source is a name as it is written: "w.Log.Warn".
func source(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return source(e.X) + "." + e.Sel.Name
	}
	return ""
}

func TestTheSearchForWordsTellsPeopleFromLogs(t *testing.T) {
	const code = "package p\nimport \"not a sentence\"\ntype T struct { A string `json:\"a tag here\"` }\nfunc f() { say(%s) }"
	for literal, want := range map[string]bool{
		`"Please try again."`: true, `"that can't be said"`: true, "`Type the command again.`": true, `bot.Action{Label: "Edit"}`: true, `"Deny…"`: true,
		`func() { say("Was it you") }`: true, `bot.Error{Err: errors.New("no such card"), Message: "No such card."}`: true,
		`"chat.postMessage"`: false, `"Retry-After"`: false, `"{label}: {value}"`: false, `"Slack"`: false, `"list mine"`: false,
		`errors.New("the form is gone")`: false, `fmt.Errorf("no such card: %w", err)`: false, `s.Log.Warn("a card was lost", "err", err)`: false,
		`"discord: panic in a command"`: false,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "p.go", strings.Replace(code, "%s", literal, 1), 0)
		if err != nil {
			t.Fatal(err)
		}
		if found := forPeople(f); (len(found) > 0) != want {
			t.Errorf("%s: found %d, which should be %v", literal, len(found), want)
		}
	}
}
