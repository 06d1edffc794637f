package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// errorAt returns the code of the error at a path such as "embeds.0.title".
func errorAt(errors any, path string) string {
	at, _ := errors.(map[string]any)
	for part := range strings.SplitSeq(path, ".") {
		if part == "" {
			continue
		}
		at, _ = at[part].(map[string]any)
	}
	list, _ := at["_errors"].([]any)
	if len(list) == 0 {
		return ""
	}
	return list[0].(map[string]any)["code"].(string)
}

// many joins n copies of a JSON value whose %d is the number.
func many(n int, s string) string {
	var list []string
	for i := range n {
		list = append(list, strings.ReplaceAll(s, "%d", fmt.Sprint(i)))
	}
	return strings.Join(list, ",")
}

func TestMessageLimits(t *testing.T) {
	w := newWorld(t, Options{})
	long := quoted("https://a.example/"+strings.Repeat("x", 2031), 1)
	field := `{"name":"n","value":"v"}`
	button := `{"type":2,"style":1,"label":"b","custom_id":"c%d"}`
	row := func(children string) string { return `{"components":[{"type":1,"components":[` + children + `]}]}` }
	menu := func(rest string) string { return row(`{"type":3,"custom_id":"m"` + rest + `}`) }
	options := func(n int) string { return `,"options":[` + many(n, `{"label":"l%d","value":"v%d"}`) + `]` }
	for name, c := range map[string]struct{ body, path, code string }{
		"content of 2001":                  {`{"content":` + quoted("é", 2001) + `}`, "content", "BASE_TYPE_MAX_LENGTH"},
		"eleven embeds":                    {`{"embeds":[` + many(11, `{"title":"t"}`) + `]}`, "embeds", "BASE_TYPE_MAX_LENGTH"},
		"embed title of 257":               {`{"embeds":[{"title":` + quoted("x", 257) + `}]}`, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"},
		"embed description of 4097":        {`{"embeds":[{"description":` + quoted("x", 4097) + `}]}`, "embeds.0.description", "BASE_TYPE_MAX_LENGTH"},
		"embed with nothing in it":         {`{"embeds":[{"color":1}]}`, "embeds.0.description", "BASE_TYPE_REQUIRED"},
		"26 embed fields":                  {`{"embeds":[{"fields":[` + many(26, field) + `]}]}`, "embeds.0.fields", "BASE_TYPE_MAX_LENGTH"},
		"field name of 257":                {`{"embeds":[{"fields":[{"name":` + quoted("x", 257) + `,"value":"v"}]}]}`, "embeds.0.fields.0.name", "BASE_TYPE_MAX_LENGTH"},
		"blank field name":                 {`{"embeds":[{"fields":[{"name":" ","value":"v"}]}]}`, "embeds.0.fields.0.name", "BASE_TYPE_REQUIRED"},
		"field value of 1025":              {`{"embeds":[{"fields":[{"name":"n","value":` + quoted("x", 1025) + `}]}]}`, "embeds.0.fields.0.value", "BASE_TYPE_MAX_LENGTH"},
		"empty field value":                {`{"embeds":[{"fields":[{"name":"n","value":""}]}]}`, "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"},
		"footer of 2049":                   {`{"embeds":[{"footer":{"text":` + quoted("x", 2049) + `}}]}`, "embeds.0.footer.text", "BASE_TYPE_MAX_LENGTH"},
		"author of 257":                    {`{"embeds":[{"author":{"name":` + quoted("x", 257) + `}}]}`, "embeds.0.author.name", "BASE_TYPE_BAD_LENGTH"},
		"6001 characters in all embeds":    {`{"embeds":[{"description":` + quoted("x", 4000) + `},{"description":` + quoted("x", 2001) + `}]}`, "embeds", "MAX_EMBED_SIZE_EXCEEDED"},
		"image that is not on the web":     {`{"embeds":[{"image":{"url":"1.png"}}]}`, "embeds.0.image.url", "URL_TYPE_INVALID_SCHEME"},
		"empty icon URL":                   {`{"embeds":[{"footer":{"text":"f","icon_url":""}}]}`, "embeds.0.footer.icon_url", "URL_TYPE_INVALID_SCHEME"},
		"thumbnail URL without a host":     {`{"embeds":[{"thumbnail":{"url":"https://"}}]}`, "embeds.0.thumbnail.url", "URL_TYPE_INVALID_URL"},
		"embed URL with another scheme":    {`{"embeds":[{"title":"t","url":"steam://run"}]}`, "embeds.0.url", "URL_TYPE_INVALID_SCHEME"},
		"colour too large":                 {`{"embeds":[{"title":"t","color":16777216}]}`, "embeds.0.color", "NUMBER_TYPE_MAX"},
		"colour below zero":                {`{"embeds":[{"title":"t","color":-1}]}`, "embeds.0.color", "NUMBER_TYPE_MIN"},
		"image URL of 2049":                {`{"embeds":[{"image":{"url":` + long + `}}]}`, "embeds.0.image.url", "BASE_TYPE_MAX_LENGTH"},
		"thumbnail URL of 2049":            {`{"embeds":[{"thumbnail":{"url":` + long + `}}]}`, "embeds.0.thumbnail.url", "BASE_TYPE_MAX_LENGTH"},
		"author URL of 2049":               {`{"embeds":[{"author":{"name":"a","url":` + long + `}}]}`, "embeds.0.author.url", "BASE_TYPE_MAX_LENGTH"},
		"author icon of 2049":              {`{"embeds":[{"author":{"name":"a","icon_url":` + long + `}}]}`, "embeds.0.author.icon_url", "BASE_TYPE_MAX_LENGTH"},
		"footer icon of 2049":              {`{"embeds":[{"footer":{"text":"f","icon_url":` + long + `}}]}`, "embeds.0.footer.icon_url", "BASE_TYPE_MAX_LENGTH"},
		"author without a name":            {`{"embeds":[{"author":{"url":"https://a.example"}}]}`, "embeds.0.author.name", "BASE_TYPE_REQUIRED"},
		"timestamp that is none":           {`{"embeds":[{"title":"t","timestamp":"noon"}]}`, "embeds.0.timestamp", "DATE_TIME_TYPE_PARSE"},
		"six rows":                         {`{"components":[` + many(6, `{"type":1,"components":[`+button+`]}`) + `]}`, "components", "BASE_TYPE_MAX_LENGTH"},
		"a button without a row":           {`{"components":[` + many(1, button) + `]}`, "components.0", "UNION_TYPE_CHOICES"},
		"an empty row":                     {row(""), "components.0.components", "BASE_TYPE_BAD_LENGTH"},
		"six buttons in a row":             {row(many(6, button)), "components.0.components", "BASE_TYPE_BAD_LENGTH"},
		"a text input in a message":        {row(`{"type":4,"custom_id":"i","style":1,"label":"l"}`), "components.0.components.0", "UNION_TYPE_CHOICES"},
		"button label of 81":               {row(`{"type":2,"style":1,"custom_id":"c","label":` + quoted("x", 81) + `}`), "components.0.components.0.label", "BASE_TYPE_MAX_LENGTH"},
		"button without words":             {row(`{"type":2,"style":1,"custom_id":"c"}`), "components.0.components.0.label", "BASE_TYPE_REQUIRED"},
		"button without custom ID":         {row(`{"type":2,"style":1,"label":"b"}`), "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"},
		"custom ID of 101":                 {row(`{"type":2,"style":1,"label":"b","custom_id":` + quoted("x", 101) + `}`), "components.0.components.0.custom_id", "BASE_TYPE_BAD_LENGTH"},
		"the same custom ID twice":         {row(many(2, strings.ReplaceAll(button, "c%d", "c"))), "components.0.components.1.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"},
		"button style that is none":        {row(`{"type":2,"style":9,"label":"b","custom_id":"c"}`), "components.0.components.0.style", "BASE_TYPE_CHOICES"},
		"link button without URL":          {row(`{"type":2,"style":5,"label":"b"}`), "components.0.components.0.url", "BASE_TYPE_REQUIRED"},
		"link button with custom ID":       {row(`{"type":2,"style":5,"label":"b","url":"https://a.example","custom_id":"c"}`), "components.0.components.0.custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE"},
		"plain button with URL":            {row(`{"type":2,"style":1,"label":"b","url":"https://a.example","custom_id":"c"}`), "components.0.components.0.url", "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE"},
		"link of 513":                      {row(`{"type":2,"style":5,"label":"b","url":` + quoted("https://a.example/"+strings.Repeat("x", 495), 1) + `}`), "components.0.components.0.url", "BASE_TYPE_MAX_LENGTH"},
		"menu without options":             {menu(`,"options":[]`), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"},
		"menu with 26 options":             {menu(options(26)), "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"},
		"menu beside a button":             {row(`{"type":3,"custom_id":"m"` + options(1) + `},` + button), "components.0.components.0", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
		"option label of 101":              {menu(`,"options":[{"label":` + quoted("x", 101) + `,"value":"v"}]`), "components.0.components.0.options.0.label", "BASE_TYPE_BAD_LENGTH"},
		"option value of 101":              {menu(`,"options":[{"label":"l","value":` + quoted("x", 101) + `}]`), "components.0.components.0.options.0.value", "BASE_TYPE_BAD_LENGTH"},
		"option description of 101":        {menu(`,"options":[{"label":"l","value":"v","description":` + quoted("x", 101) + `}]`), "components.0.components.0.options.0.description", "BASE_TYPE_MAX_LENGTH"},
		"the same option value twice":      {menu(`,"options":[{"label":"a","value":"v"},{"label":"b","value":"v"}]`), "components.0.components.0.options.1", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
		"placeholder of 151":               {menu(options(1) + `,"placeholder":` + quoted("x", 151)), "components.0.components.0.placeholder", "BASE_TYPE_MAX_LENGTH"},
		"min_values over max_values":       {menu(options(3) + `,"min_values":2,"max_values":1`), "components.0.components.0.min_values", "NUMBER_TYPE_MAX"},
		"max_values over the options":      {menu(options(1) + `,"max_values":2`), "components.0.components.0.max_values", "NUMBER_TYPE_MAX"},
		"max_values of 0":                  {menu(options(1) + `,"max_values":0`), "components.0.components.0.max_values", "NUMBER_TYPE_MIN"},
		"more defaults than may be chosen": {menu(`,"options":[{"label":"a","value":"a","default":true},{"label":"b","value":"b","default":true}]`), "components.0.components.0.options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS"},
		"nonce of 26":                      {`{"content":"c","nonce":` + quoted("x", 26) + `}`, "nonce", "BASE_TYPE_MAX_LENGTH"},
		"unknown kind of mention":          {`{"content":"c","allowed_mentions":{"parse":["here"]}}`, "allowed_mentions.parse.0", "BASE_TYPE_CHOICES"},
		"mentions by kind and by ID":       {`{"content":"c","allowed_mentions":{"parse":["users"],"users":["1"]}}`, "allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
		"101 mentioned users":              {`{"content":"c","allowed_mentions":{"users":[` + many(101, `"1%d"`) + `]}}`, "allowed_mentions.users", "BASE_TYPE_MAX_LENGTH"},
		"mentioned user that is no ID":     {`{"content":"c","allowed_mentions":{"users":["ada"]}}`, "allowed_mentions.users.0", "NUMBER_TYPE_COERCE"},
		"a reply to nothing":               {`{"content":"c","message_reference":{"message_id":"1"}}`, "message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"},
		"a number for content":             {`{"content":5}`, "content", "BASE_TYPE_INVALID"},
		"the newer components as a whole":  {`{"content":"c","flags":32768}`, "flags", "BASE_TYPE_INVALID"},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := w.api("POST", "/channels/"+general+"/messages", c.body)
			if status != http.StatusBadRequest || answer["code"] != 50035.0 {
				t.Fatalf("got %d %v", status, answer)
			}
			if got := errorAt(answer["errors"], c.path); got != c.code {
				t.Errorf("at %s: got %q, want %q in %v", c.path, got, c.code, answer["errors"])
			}
		})
	}
	if n := len(w.read(ada, general)); n != 0 {
		t.Errorf("%d refused messages were posted", n)
	}
}

func TestMessagesAtTheLimitAreTaken(t *testing.T) {
	w := newWorld(t, Options{})
	buttons := `{"type":2,"style":1,"label":` + quoted("x", 80) + `,"custom_id":"R%d"}`
	for name, body := range map[string]string{
		"content of 2000 two-byte characters": `{"content":` + quoted("é", 2000) + `}`,
		"embeds of 6000": `{"embeds":[{"title":` + quoted("t", 256) + `,"description":` + quoted("é", 4096) +
			`,"footer":{"text":` + quoted("f", 1648) + `},"color":16777215}]}`,
		"25 fields": `{"embeds":[{"fields":[` + many(25, `{"name":"n","value":"v"}`) + `]}]}`,
		"5 rows of 5 buttons": `{"components":[` + many(5, `{"type":1,"components":[`+
			strings.Join([]string{strings.ReplaceAll(buttons, "R", "a%d"), strings.ReplaceAll(buttons, "R", "b%d"), strings.ReplaceAll(buttons, "R", "c%d"),
				strings.ReplaceAll(buttons, "R", "d%d"), strings.ReplaceAll(buttons, "R", "e%d")}, ",")+`]}`) + `]}`,
		"a menu with 25 options": `{"components":[{"type":1,"components":[{"type":3,"custom_id":` + quoted("m", 100) +
			`,"min_values":0,"max_values":25,"options":[` + many(25, `{"label":"l","value":"v%d"}`) + `]}]}]}`,
		"a nonce that is a number": `{"content":"c","nonce":12345678901234567890123456}`,
		"an image alone":           `{"embeds":[{"image":{"url":"https://media.example/1.png"}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			if !json.Valid([]byte(body)) {
				t.Fatal("the test is wrong: " + body)
			}
			w.post(body)
		})
	}
}

func TestEmptyMessages(t *testing.T) {
	w := newWorld(t, Options{})
	for name, body := range map[string]string{
		"nothing":    `{}`,
		"blanks":     `{"content":" \n "}`,
		"all null":   `{"content":null,"embeds":null,"components":null}`,
		"empty list": `{"embeds":[]}`,
	} {
		t.Run(name, func(t *testing.T) {
			if status, answer := w.api("POST", "/channels/"+general+"/messages", body); status != 400 || answer["code"] != 50006.0 {
				t.Fatalf("got %d %v", status, answer)
			}
		})
	}
}

func TestModalLimits(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	input := `{"type":4,"custom_id":"i%d","style":1,"label":"l%d"`
	row := func(rest string) string { return `{"type":1,"components":[` + many(1, input) + rest + `}]}` }
	label := func(words, inner string) string { return `{"type":18,"label":` + words + `,"component":` + inner + `}` }
	modal := func(components string) string {
		return `{"custom_id":"m","title":"t","components":[` + components + `]}`
	}
	text := `{"type":4,"custom_id":"i","style":1}`
	menu := func(rest string) string {
		return modal(label(`"l"`, `{"type":3,"custom_id":"s","options":[{"label":"a","value":"a"}]`+rest+`}`))
	}
	for name, c := range map[string]struct{ data, path, code string }{
		"title of 46":                {`{"custom_id":"m","title":` + quoted("é", 46) + `,"components":[` + row("") + `]}`, "title", "BASE_TYPE_BAD_LENGTH"},
		"no title":                   {`{"custom_id":"m","components":[` + row("") + `]}`, "title", "BASE_TYPE_REQUIRED"},
		"no custom ID":               {`{"title":"t","components":[` + row("") + `]}`, "custom_id", "BASE_TYPE_REQUIRED"},
		"custom ID of 101":           {`{"custom_id":` + quoted("x", 101) + `,"title":"t","components":[` + row("") + `]}`, "custom_id", "BASE_TYPE_BAD_LENGTH"},
		"no components":              {modal(""), "components", "BASE_TYPE_BAD_LENGTH"},
		"six components":             {modal(many(6, `{"type":1,"components":[`+input+`}]}`)), "components", "BASE_TYPE_BAD_LENGTH"},
		"an input without a row":     {modal(many(1, input) + "}"), "components.0", "UNION_TYPE_CHOICES"},
		"a button in a row":          {modal(`{"type":1,"components":[{"type":2,"style":1,"label":"b","custom_id":"c"}]}`), "components.0.components.0", "COMPONENT_TYPE_INVALID"},
		"a menu in a row":            {modal(`{"type":1,"components":[{"type":3,"custom_id":"c","options":[{"label":"a","value":"a"}]}]}`), "components.0.components.0", "COMPONENT_TYPE_INVALID"},
		"two inputs in a row":        {modal(`{"type":1,"components":[` + many(2, input+"}") + `]}`), "components.0.components.1", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
		"input without label":        {modal(`{"type":1,"components":[` + text + `]}`), "components.0.components.0.label", "BASE_TYPE_REQUIRED"},
		"input label of 46":          {modal(`{"type":1,"components":[{"type":4,"custom_id":"i","style":1,"label":` + quoted("x", 46) + `}]}`), "components.0.components.0.label", "BASE_TYPE_BAD_LENGTH"},
		"input without custom ID":    {modal(`{"type":1,"components":[{"type":4,"style":1,"label":"l"}]}`), "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"},
		"the same custom ID twice":   {modal(row("") + "," + row("")), "components.1.components.0.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"},
		"input style 3":              {modal(`{"type":1,"components":[{"type":4,"custom_id":"i","style":3,"label":"l"}]}`), "components.0.components.0.style", "BASE_TYPE_CHOICES"},
		"placeholder of 101":         {modal(row(`,"placeholder":` + quoted("x", 101))), "components.0.components.0.placeholder", "BASE_TYPE_MAX_LENGTH"},
		"min_length of 4001":         {modal(row(`,"min_length":4001`)), "components.0.components.0.min_length", "NUMBER_TYPE_MAX"},
		"max_length of 0":            {modal(row(`,"max_length":0`)), "components.0.components.0.max_length", "NUMBER_TYPE_MIN"},
		"max_length of 4001":         {modal(row(`,"max_length":4001`)), "components.0.components.0.max_length", "NUMBER_TYPE_MAX"},
		"min_length over max_length": {modal(row(`,"min_length":3,"max_length":2`)), "components.0.components.0.min_length", "NUMBER_TYPE_MAX"},
		"value over max_length":      {modal(row(`,"max_length":3,"value":"four"`)), "components.0.components.0.value", "BASE_TYPE_MAX_LENGTH"},
		"value of 4001":              {modal(row(`,"value":` + quoted("x", 4001))), "components.0.components.0.value", "BASE_TYPE_MAX_LENGTH"},
		"value under min_length":     {modal(row(`,"min_length":3,"value":"ab"`)), "components.0.components.0.value", "BASE_TYPE_MIN_LENGTH"},
		"Label without label":        {modal(label(`""`, text)), "components.0.label", "BASE_TYPE_REQUIRED"},
		"Label of 46":                {modal(label(quoted("x", 46), text)), "components.0.label", "BASE_TYPE_BAD_LENGTH"},
		"Label description of 101":   {modal(label(`"l","description":`+quoted("x", 101), text)), "components.0.description", "BASE_TYPE_BAD_LENGTH"},
		"input with two labels":      {modal(label(`"l"`, `{"type":4,"custom_id":"i","style":1,"label":"m"}`)), "components.0.component.label", "COMPONENT_LABEL_INVALID"},
		"Label with nothing in it":   {modal(`{"type":18,"label":"l"}`), "components.0.component", "BASE_TYPE_REQUIRED"},
		"Label with a button":        {modal(label(`"l"`, `{"type":2,"style":1,"label":"b","custom_id":"c"}`)), "components.0.component", "UNION_TYPE_CHOICES"},
		"disabled menu":              {menu(`,"disabled":true`), "components.0.component.disabled", "COMPONENT_DISABLED_INVALID"},
		"required menu that takes 0": {menu(`,"min_values":0`), "components.0.component.min_values", "NUMBER_TYPE_MIN"},
		"empty text":                 {modal(`{"type":10,"content":""},` + row("")), "components.0.content", "BASE_TYPE_REQUIRED"},
		"text of 4001":               {modal(`{"type":10,"content":` + quoted("x", 4001) + `},` + row("")), "components.0.content", "BASE_TYPE_BAD_LENGTH"},
		"a number for the title":     {`{"custom_id":"m","title":5,"components":[` + row("") + `]}`, "title", "BASE_TYPE_INVALID"},
	} {
		t.Run(name, func(t *testing.T) {
			w.bot(always(`{"type":9,"data":` + c.data + `}`))
			before := len(w.Problems())
			if _, err := w.Type(t.Context(), ada, general, "/form"); err == nil || err.Error() != "Something went wrong. Try again." {
				t.Fatalf("got %v", err)
			}
			problems := w.Problems()
			if len(problems) != before+1 {
				t.Fatalf("problems %v", problems)
			}
			var answer map[string]any
			if err := json.Unmarshal([]byte(problems[before]), &answer); err != nil {
				t.Fatal(err)
			}
			if got := errorAt(answer["errors"], "data."+c.path); got != c.code || answer["code"] != 50035.0 {
				t.Errorf("at %s: got %q, want %q in %v", c.path, got, c.code, answer)
			}
		})
	}
}

func TestAnOlderDiscordRefusesLabels(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.RefuseLabels()
	w.bot(always(`{"type":9,"data":{"custom_id":"m","title":"t","components":[{"type":18,"label":"l","component":{"type":4,"custom_id":"i","style":1}}]}}`))
	if _, err := w.Type(t.Context(), ada, general, "/form"); err == nil {
		t.Error("a modal with a Label was taken")
	}
	if p := w.Problems(); len(p) != 1 || !strings.Contains(p[0], `"code":50035`) {
		t.Errorf("problems %v", p)
	}
	w.bot(always(simple))
	if s, err := w.Type(t.Context(), ada, general, "/form"); err != nil || s.Form == nil {
		t.Errorf("rows: %+v, %v", s, err)
	}
}
