package commands

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// plain offers two types, and people type the IDs of categories.
func plain() *Commands { return New(Options{Types: types}) }

// choosing offers categories.
func choosing() *Commands {
	return New(Options{Types: types, Categories: []bot.Option{{Value: "3", Label: "Sports"}, {Value: "7", Label: "Music & Art"}}})
}

// row is a value that somebody fills in, and what is read or what is said about it.
type row[T any] struct {
	typed   string
	want    T
	problem string // words in it; empty: none
}

// check reads a form with one field filled in, beside a name, and compares what came of it.
func check[T any](t *testing.T, c *Commands, field string, of func(bot.Community) T, rows map[string]row[T]) {
	t.Helper()
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			com, problems := c.read(english, bot.Values{fieldName: "Acme", fieldHandle: "acme"}.With(bot.Values{field: row.typed}))
			said, wrong := problems[field]
			if wrong != (row.problem != "") || !strings.Contains(said, row.problem) {
				t.Errorf("problem %q, want %q", said, row.problem)
			}
			if utf8.RuneCountInString(said) > 300 {
				t.Errorf("a problem of %d characters", utf8.RuneCountInString(said))
			}
			for other := range problems {
				if other != field {
					t.Errorf("a problem at %s: %s", other, problems[other])
				}
			}
			if diff := cmp.Diff(row.want, of(com)); row.problem == "" && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestName(t *testing.T) {
	const missing = "Please give the community a name."
	family := "👨\u200d👩\u200d👧"
	check(t, plain(), fieldName, func(c bot.Community) string { return c.Name }, map[string]row[string]{
		"plain":                                {typed: "Acme Fans", want: "Acme Fans"},
		"space around and inside":              {typed: "  Acme \t  Fans ", want: "Acme Fans"},
		"two lines become one":                 {typed: "Acme\r\nFans", want: "Acme Fans"},
		"Cyrillic":                             {typed: "Бегуны Москвы", want: "Бегуны Москвы"},
		"Japanese":                             {typed: "東京ランナー", want: "東京ランナー"},
		"right to left":                        {typed: "عشاق القهوة", want: "عشاق القهوة"},
		"Persian with its joiner":              {typed: "می\u200cدوند", want: "می\u200cدوند"},
		"emoji made of several":                {typed: family, want: family},
		"a turned reading direction":           {typed: "\u202eAcme\u202c", want: "Acme"},
		"zero-width characters inside":         {typed: "Ac\u200bm\ufeffe", want: "Acme"},
		"control characters and broken UTF-8":  {typed: "Ac\x00m\x1be\xff", want: "Acme"},
		"what platforms might notify by stays": {typed: "<!channel> @everyone `x`", want: "<!channel> @everyone `x`"},
		"as long as fits":                      {typed: strings.Repeat("ж", 100), want: strings.Repeat("ж", 100)},
		"one too long":                         {typed: strings.Repeat("ж", 101), problem: "This is 101 characters long, and 100 fit."},
		"10,000 characters":                    {typed: strings.Repeat("a", 10_000), problem: "10000 characters long"},
		"empty":                                {typed: "", problem: missing},
		"only spaces":                          {typed: " \t\u3000\n ", problem: missing},
		"only zero-width characters":           {typed: "\u200b\ufeff\u2060", problem: missing},
		"only joiners":                         {typed: "\u200d \u200d\n\u200c", problem: missing},
	})
}

func TestHandle(t *testing.T) {
	const letters = "small letters, digits, dots, dashes and underscores only"
	check(t, plain(), fieldHandle, func(c bot.Community) string { return c.Handle }, map[string]row[string]{
		"as typed":                            {typed: "acme.fans_2-x", want: "acme.fans_2-x"},
		"space around":                        {typed: " \tacme\r\n", want: "acme"},
		"invisible characters inside":         {typed: "ac\u200bme", want: "acme"},
		"left out":                            {typed: "", want: "acme"},
		"as long as fits":                     {typed: strings.Repeat("a", 60), want: strings.Repeat("a", 60)},
		"one too long":                        {typed: strings.Repeat("a", 61), problem: "60 characters at most"},
		"10,000 characters":                   {typed: strings.Repeat("a", 10_000), problem: "60 characters at most"},
		"only spaces":                         {typed: "   ", problem: "only spaces"},
		"only invisible characters":           {typed: "\u200b\u200d", problem: "only spaces"},
		"capitals, with an example":           {typed: "Acme Fans!", problem: "For example: acme-fans"},
		"Cyrillic, short in characters":       {typed: strings.Repeat("ж", 40), problem: letters},
		"Japanese":                            {typed: "東京", problem: letters},
		"emoji, without an example":           {typed: "🎉", problem: letters},
		"right to left":                       {typed: "قهوة", problem: "For example: qhw"},
		"starting with a dash":                {typed: "-acme", problem: "starts with a letter or digit"},
		"a path":                              {typed: "../acme", problem: "For example: acme"},
		"what is not a handle nor becomes it": {typed: "!!!", problem: letters},
	})
	_, problems := plain().read(english, bot.Values{fieldName: "Acme", fieldHandle: "🎉"})
	if strings.Contains(problems[fieldHandle], "example") {
		t.Errorf("an example of nothing: %s", problems[fieldHandle])
	}
}

func TestHandleOutOfTheName(t *testing.T) {
	for name, c := range map[string]struct{ name, want string }{
		"plain":             {"Acme Fans", "acme-fans"},
		"Cyrillic":          {"Бегуны Москвы", "beguny-moskvy"},
		"German":            {"Über Läufer", "uber-laufer"},
		"signs":             {"Salt & Pepper, 10k!", "salt-and-pepper-10k"},
		"dashes at the end": {"--Acme__", "acme"},
		"long":              {strings.Repeat("acme ", 20), strings.Repeat("acme-", 11) + "acme-"},
	} {
		t.Run(name, func(t *testing.T) {
			com, problems := plain().read(english, bot.Values{fieldName: c.name})
			if want := strings.TrimRight(c.want, "-"); com.Handle != want || len(problems) > 0 {
				t.Errorf("handle %q, want %q; problems %v", com.Handle, want, problems)
			}
		})
	}
	for name, script := range map[string]string{
		"Japanese": "東京ランナー", "Arabic": "عشاق القهوة", "Hindi": "दौड़ने वाले", "Korean": "러너스", "mixed with emoji": "Run 🏃 Club",
	} {
		t.Run(name, func(t *testing.T) {
			com, problems := plain().read(english, bot.Values{fieldName: script})
			if !handlePattern.MatchString(com.Handle) || len(problems) > 0 {
				t.Errorf("handle %q, problems %v", com.Handle, problems)
			}
		})
	}
	for name, script := range map[string]string{"emoji": "🎉🎉", "dots": "…!?"} {
		t.Run("none out of "+name, func(t *testing.T) {
			com, problems := plain().read(english, bot.Values{fieldName: script})
			if com.Handle != "" || !strings.Contains(problems[fieldHandle], "No handle can be made") {
				t.Errorf("handle %q, problems %v", com.Handle, problems)
			}
		})
	}
	_, problems := plain().read(english, bot.Values{})
	if _, wrong := problems[fieldHandle]; wrong || len(problems) != 1 {
		t.Errorf("problems of an empty form: %v, want the name alone", problems)
	}
}

func TestTags(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(" #t" + strings.Repeat("x", i+1))
		}
		return b.String()
	}
	_, thirty := plain().read(english, bot.Values{fieldName: "A", fieldTags: many(30)})
	if len(thirty) > 0 {
		t.Errorf("30 tags: %v", thirty)
	}
	check(t, plain(), fieldTags, func(c bot.Community) []string { return c.Tags }, map[string]row[[]string]{
		"commas, spaces, # and all together": {typed: "running, city#10k  #trail,\n#run", want: []string{"running", "city", "10k", "trail", "run"}},
		"none":                               {typed: " ,, # ", want: nil},
		"twice":                              {typed: "a, b, #a", want: []string{"a", "b"}},
		"other scripts":                      {typed: "бег 東京 قهوة 🏃", want: []string{"бег", "東京", "قهوة", "🏃"}},
		"joiners alone are none":             {typed: "a, \u200d, b", want: []string{"a", "b"}},
		"as long as fits":                    {typed: strings.Repeat("ж", 50), want: []string{strings.Repeat("ж", 50)}},
		"too long":                           {typed: "a, " + strings.Repeat("ж", 51), problem: "is too long: 50 characters fit"},
		"too many":                           {typed: many(31), problem: "These are 31, and 30 are allowed"},
		"too long together":                  {typed: strings.Repeat("a", 40) + longTags(29), problem: "Together these are too long"},
		"10,000 characters":                  {typed: strings.Repeat("x", 10_000), problem: "too long"},
	})
}

// longTags are n different ones of 40 characters.
func longTags(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("," + strings.Repeat("b", 39) + string(rune('a'+i)))
	}
	return b.String()
}

func TestHashtagsOfTheDescriptionBecomeTags(t *testing.T) {
	read := func(v bot.Values) ([]string, map[string]string) {
		com, problems := plain().read(english, bot.Values{fieldName: "A", fieldOptions: optionHashtags}.With(v))
		return com.Tags, problems
	}
	for name, c := range map[string]struct {
		description string
		want        []string
	}{
		"at the start, inside, at the end": {"#run with us in the (#city), every #10k", []string{"run", "city", "10k"}},
		"each once":                        {"#run #Run #run", []string{"run", "Run"}},
		"not numbers alone":                {"#1 of #2024", nil},
		"not inside words or links":        {"C# a#b https://x.test/#top", nil},
		"other scripts, whole":             {"#бег #東京 #हिन्दी #ภาษาไทย", []string{"бег", "東京", "हिन्दी", "ภาษาไทย"}},
		"on lines of their own":            {"a\n#b\n#c", []string{"b", "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			tags, problems := read(bot.Values{fieldDescription: c.description})
			if diff := cmp.Diff(c.want, tags); diff != "" || len(problems) > 0 {
				t.Errorf("problems %v, tags (-want +got):\n%s", problems, diff)
			}
		})
	}
	if tags, _ := read(bot.Values{fieldDescription: "#run", fieldTags: "walk"}); !slices.Equal(tags, []string{"walk"}) {
		t.Errorf("tags %v: those that were written stand", tags)
	}
	if tags, _ := read(bot.Values{fieldDescription: "#run", fieldOptions: ""}); tags != nil {
		t.Errorf("tags %v although nobody asked for them", tags)
	}
	for name, long := range map[string]string{"too long": "#" + strings.Repeat("x", 51), "too many": strings.ReplaceAll(longTags(31), ",", " #")} {
		if _, problems := read(bot.Values{fieldDescription: long}); !strings.Contains(problems[fieldTags], "write the tags here") {
			t.Errorf("%s: problems %v", name, problems)
		}
	}
}

func TestCategories(t *testing.T) {
	ids := func(c bot.Community) []int64 { return c.Categories }
	t.Run("typed as IDs", func(t *testing.T) {
		check(t, plain(), fieldCategories, ids, map[string]row[[]int64]{
			"several, one twice": {typed: "1, 2,1\n30", want: []int64{1, 2, 30}},
			"none":               {typed: " , ", want: nil},
			"a name":             {typed: "1, Sports", problem: `"Sports" is not a category's ID`},
			"zero":               {typed: "0", want: []int64{0}},
			"negative":           {typed: "-4", problem: "not a category's ID"},
			"a fraction":         {typed: "1.5", problem: "not a category's ID"},
			"huge":               {typed: "9223372036854775808", problem: "not a category's ID"},
			"10,000 characters":  {typed: strings.Repeat("1", 10_000), problem: "not a category's ID"},
			"thousands of them":  {typed: strings.Repeat("1,", 5_000), problem: "characters long"},
		})
	})
	t.Run("chosen", func(t *testing.T) {
		check(t, choosing(), fieldCategories, ids, map[string]row[[]int64]{
			"by ID":               {typed: "3,7", want: []int64{3, 7}},
			"by label":            {typed: "sports, MUSIC & ART", want: []int64{3, 7}},
			"by both, once":       {typed: "Sports, 3", want: []int64{3}},
			"an unknown ID":       {typed: "4", problem: `There is no category "4". Please choose from Sports, Music & Art`},
			"an unknown label":    {typed: "Chess", problem: "add it under New categories"},
			"a long unknown name": {typed: strings.Repeat("ж", 500), problem: strings.Repeat("ж", 29) + "…"},
		})
	})
}

func TestNewCategories(t *testing.T) {
	check(t, choosing(), fieldProposed, func(c bot.Community) []string { return c.Proposed }, map[string]row[[]string]{
		"names with spaces": {typed: "Trail running, City walks\nTrail running", want: []string{"Trail running", "City walks"}},
		"other scripts":     {typed: "Бег, 東京", want: []string{"Бег", "東京"}},
		"none":              {typed: "\u200b, ", want: nil},
		"too long":          {typed: strings.Repeat("x", 51), problem: "too long"},
		"too many":          {typed: longTags(31), problem: "These are 31"},
	})
}

func TestPictures(t *testing.T) {
	const just = "just the name of a picture file"
	rows := map[string]row[string]{
		"a name":                 {typed: " 1.png ", want: "1.png"},
		"other scripts and more": {typed: "мой файл (2).png", want: "мой файл (2).png"},
		"none":                   {typed: "  ", want: ""},
		"a URL":                  {typed: "https://evil.test/x.png", problem: just},
		"a path":                 {typed: "a/b.png", problem: just},
		"a path upwards":         {typed: "../x.png", problem: just},
		"a path of Windows":      {typed: `C:\x.png`, problem: just},
		"a dot file":             {typed: ".htaccess", problem: just},
		"a dot file, hidden":     {typed: "\u200b.htaccess", problem: just},
		"a query":                {typed: "x.png?a=b", problem: just},
		"a fragment":             {typed: "x.png#a", problem: just},
		"too long":               {typed: strings.Repeat("x", 201), problem: "201 characters long, and 200 fit"},
	}
	check(t, plain(), fieldPicture, func(c bot.Community) string { return c.Picture }, rows)
	check(t, plain(), fieldBanner, func(c bot.Community) string { return c.Banner }, rows)
}

func TestMembers(t *testing.T) {
	const id = "b12f13af-ef5a-4906-b0a0-2995e106200d"
	check(t, plain(), fieldMembers, func(c bot.Community) []string { return c.Members }, map[string]row[[]string]{
		"several":           {typed: id + ", u2\nu3 u2", want: []string{id, "u2", "u3"}},
		"none":              {typed: " \n", want: nil},
		"a mention":         {typed: "@ben", problem: `"@ben" is not a Genuin user ID`},
		"Slack's mention":   {typed: "<@U1>", problem: "not a Genuin user ID"},
		"an address":        {typed: "ben@acme.test", problem: "not a Genuin user ID"},
		"another script":    {typed: "бен", problem: "not a Genuin user ID"},
		"too long a one":    {typed: strings.Repeat("a", 65), problem: "not a Genuin user ID"},
		"too many":          {typed: strings.Repeat("u2 ", 1_500), problem: "characters long, and 3000 fit"},
		"10,000 characters": {typed: strings.Repeat("a", 10_000), problem: "not a Genuin user ID"},
	})
}

func TestTypeAndOptions(t *testing.T) {
	check(t, plain(), fieldType, func(c bot.Community) string { return c.Type }, map[string]row[string]{
		"by value":          {typed: "2", want: "2"},
		"by label":          {typed: " private ", want: "2"},
		"left out":          {typed: "", want: "1"},
		"unknown":           {typed: "Secret", problem: `"Secret" is not one of Public, Private.`},
		"10,000 characters": {typed: strings.Repeat("x", 10_000), problem: "is not one of"},
	})
	type on struct{ AI, Picture, Banner bool }
	check(t, plain(), fieldOptions, func(c bot.Community) on { return on{c.AI, c.AIPicture, c.AIBanner} }, map[string]row[on]{
		"none":              {typed: "", want: on{}},
		"all":               {typed: "ai,ai_picture,ai_banner,hashtags", want: on{true, true, true}},
		"one":               {typed: "ai_banner", want: on{Banner: true}},
		"unknown, not more": {typed: "ai,root", want: on{AI: true}},
	})
	var many []bot.Option
	for _, l := range "abcdefghijkl" {
		many = append(many, bot.Option{Value: string(l), Label: strings.ToUpper(string(l))})
	}
	_, problems := New(Options{Types: many}).read(english, bot.Values{fieldName: "A", fieldType: "?"})
	if want := "A, B, C, D, E, F, G, H, I, J, …."; !strings.HasSuffix(problems[fieldType], want) {
		t.Errorf("problem %q, want it to end in %q", problems[fieldType], want)
	}
}

func TestDescriptionAndWhy(t *testing.T) {
	check(t, plain(), fieldDescription, func(c bot.Community) string { return c.Description }, map[string]row[string]{
		"lines stay":      {typed: " a\n\n b ", want: "a\n\n b"},
		"as long as fits": {typed: strings.Repeat("ж", 2000), want: strings.Repeat("ж", 2000)},
		"too long":        {typed: strings.Repeat("ж", 2001), problem: "2001 characters long, and 2000 fit"},
	})
	none := func(bot.Community) string { return "" }
	check(t, plain(), fieldWhy, none, map[string]row[string]{
		"fits":     {typed: strings.Repeat("ж", 500)},
		"too long": {typed: strings.Repeat("ж", 501), problem: "501 characters long, and 500 fit"},
	})
}

func TestAFreshFormHasTheDefaults(t *testing.T) {
	for name, c := range map[string]struct {
		typed bot.Values
		want  bot.Values
	}{
		"nothing typed":              {nil, bot.Values{fieldType: "1", fieldOptions: optionHashtags}},
		"text after the command":     {bot.Values{"text": "Acme Fans"}, bot.Values{fieldType: "1", fieldOptions: optionHashtags, fieldName: "Acme Fans", "text": "Acme Fans"}},
		"options of the command":     {bot.Values{fieldName: "A", fieldHandle: "a"}, bot.Values{fieldType: "1", fieldOptions: optionHashtags, fieldName: "A", fieldHandle: "a"}},
		"what is typed over default": {bot.Values{fieldType: "2"}, bot.Values{fieldType: "2", fieldOptions: optionHashtags}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, plain().fresh(c.typed)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if v := New(Options{}).fresh(nil); v[fieldType] != "" {
		t.Errorf("type %q out of none", v[fieldType])
	}
}

func TestTheFormsFields(t *testing.T) {
	fields := bot.Form{Fields: plain().fields(english.Form, bot.Values{fieldName: "Acme", fieldTags: "a, b"})}
	if f := fields.Field(fieldName); f.Value != "Acme" || !f.Required || f.Max != 100 {
		t.Errorf("name: %+v", f)
	}
	if f := fields.Field(fieldTags); f.Value != "a, b" {
		t.Errorf("tags: %+v", f)
	}
	if f := fields.Field(fieldCategories); f.Kind != bot.Line || f.Max == 0 || f.Hint == "" {
		t.Errorf("categories without a choice: %+v", f)
	}
	c := choosing()
	f := bot.Form{Fields: c.fields(english.Form, nil)}.Field(fieldCategories)
	if f.Kind != bot.ManyOf || len(f.Options) != 2 || f.Max != 0 || f.Hint != "" {
		t.Errorf("categories with a choice: %+v", f)
	}
	for _, f := range c.fields(english.Form, nil) {
		if f.Required != (f.Name == fieldName || f.Name == fieldType) {
			t.Errorf("%s: required is %v", f.Name, f.Required)
		}
	}
}
