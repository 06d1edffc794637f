package discordfake

import (
	"slices"
	"strings"

	"communitybot/adapters/person"
)

// Commands returns the slash commands that somebody is offered, in the server or with the bot alone, in their language
// and by name, as Discord's client lists them. Options stand in the order in which they were registered. Whoever is not
// here is offered nothing.
func (f *Fake) Commands(who string) []person.Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	u := f.users[who]
	var list []person.Command
	for _, x := range f.offered(u, commandChat) {
		c := person.Command{Name: x.Names.in(u.locale, x.Name), About: x.Descriptions.in(u.locale, x.Description)}
		for _, o := range x.Options {
			c.Options = append(c.Options, person.Command{
				Name: o.Names.in(u.locale, o.Name), About: o.Descriptions.in(u.locale, o.Description), Suggest: o.Autofill,
			})
		}
		list = append(list, c)
	}
	return list
}

// Shortcuts returns the commands that somebody finds in the menu of a message, as Shortcut takes them: in their language
// and by name.
func (f *Fake) Shortcuts(who string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	u := f.users[who]
	var names []string
	for _, x := range f.offered(u, commandMessage) {
		names = append(names, x.Names.in(u.locale, x.Name))
	}
	return names
}

// offered returns the registered commands of a kind by their names in somebody's language: the server's own instead of a
// global one of that name. Bots, and nobody, are offered none.
func (f *Fake) offered(u *user, kind int) []*command {
	if u == nil || u.Bot {
		return nil
	}
	var list []*command
	for _, x := range f.commands {
		hidden := x.GuildID == "" && slices.ContainsFunc(f.commands, func(o *command) bool { return o.GuildID != "" && x.same(o) })
		if x.Type == kind && !hidden {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b *command) int {
		return strings.Compare(a.Names.in(u.locale, a.Name), b.Names.in(u.locale, b.Name))
	})
	return list
}
