// Command licences lists the modules that are in the program, with their licences. It fails when it does not know one:
// then somebody has to read it.
//
// It runs at the top of the source, with Go's own tools, and imports the standard library.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

func main() {
	texts := flag.Bool("texts", false, "print the licences' texts, too: what goes along with the program")
	flag.Parse()
	if err := run(os.Stdout, *texts); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// module is one that is in the program.
type module struct{ path, dir string }

// file is one with a licence or a notice in it.
type file struct{ name, text string }

func run(out io.Writer, texts bool) error {
	modules, err := inProgram()
	if err != nil {
		return err
	}
	list := "# Licences\n\nWhat the program is made of, beside its own code (Apache-2.0, in LICENSE). `make licences` writes this list; a test holds it true.\n" +
		"The texts are in the image, in /licences.txt.\n\n| module | licence |\n|---|---|\n"
	var all strings.Builder
	for _, m := range modules {
		files, err := m.files()
		if err != nil {
			return err
		}
		found := licences(files)
		if len(found) == 0 {
			return fmt.Errorf("%s has no licence that is known here: read it, and add it to known in deploy/licences", m.path)
		}
		list += "| " + m.path + " | " + strings.Join(found, ", ") + " |\n"
		for _, f := range files {
			fmt.Fprintf(&all, "\n==== %s: %s ====\n\n%s\n", m.path, f.name, strings.TrimSpace(f.text))
		}
	}
	if !texts {
		all.Reset()
	}
	_, err = io.WriteString(out, list+all.String())
	return err
}

// inProgram returns the modules that packages of the released program are from, and Go itself.
func inProgram() ([]module, error) {
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", ".")
	list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64") // as the image's
	list.Stderr = os.Stderr
	printed, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	all := []module{{"Go, its standard library", strings.TrimSpace(string(root))}}
	for line := range strings.Lines(string(printed)) {
		if path, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			all = append(all, module{path, dir})
		}
	}
	slices.SortFunc(all, func(a, b module) int { return cmp.Compare(a.path, b.path) })
	return slices.Compact(all), nil
}

// telling finds the names of files that say under which conditions the others may be used.
var telling = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|authors|patents)([-_. ].*)?$`)

// files returns what a module says of its licence.
func (m module) files() ([]file, error) {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return nil, err
	}
	var all []file
	for _, e := range entries {
		if e.IsDir() || !telling.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.dir, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, file{e.Name(), string(text)})
	}
	return all, nil
}

// known are licences by words that only their texts hold.
var known = []struct {
	name string
	is   func(words string) bool
}{
	{"Apache-2.0", has("apache license", "version 2.0, january 2004", "terms and conditions for use")},
	{"BSD-3-Clause", has("redistribution and use in source and binary forms", "neither the name")},
	{"BSD-2-Clause", func(words string) bool {
		return has("redistribution and use in source and binary forms")(words) && !has("neither the name")(words)
	}},
	{"MIT", has("permission is hereby granted, free of charge, to any person obtaining a copy")},
	{"MPL-2.0", has("mozilla public license, version 2.0", "source code form")},
	{"MPL-2.0", has("mozilla public license version 2.0", "source code form")},
	{"ISC", has("permission to use, copy, modify, and/or distribute this software")},
}

func has(phrases ...string) func(string) bool {
	return func(words string) bool {
		return !slices.ContainsFunc(phrases, func(p string) bool { return !strings.Contains(words, p) })
	}
}

// licences returns the names of those whose texts are in the files, each once.
func licences(files []file) []string {
	var names []string
	for _, f := range files {
		words := strings.Join(strings.Fields(strings.ToLower(f.text)), " ")
		for _, l := range known {
			if l.is(words) && !slices.Contains(names, l.name) {
				names = append(names, l.name)
			}
		}
	}
	return names
}
