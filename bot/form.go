package bot

// Form asks a person for values. Sent, it is its own Call again with them.
type Form struct {
	Call
	Title  string // Slack takes 24 characters, Discord 45
	Submit string // the button that sends it
	Intro  Text   // above the fields; may be empty
	Brief  bool   // where a form has little room, the fields that are not Extra do, and are sent at once
	Fields []Field
}

// Kind is how a field is filled in.
type Kind int

// The kinds of field.
const (
	Line   Kind = iota // one line of text
	Lines              // several lines of text
	OneOf              // one of Options
	ManyOf             // any of Options
)

// Field is one thing a form asks for.
type Field struct {
	Name     string
	Label    string
	Hint     string // how to fill it in
	Problem  string // what was wrong with Value, in words for people
	Value    string // filled in already; several choices are separated by commas
	Sample   string // what stands greyed in the empty field: what it becomes when it is left empty
	Kind     Kind
	Options  []Option
	Required bool
	Extra    bool // most people leave it as it is
	Leads    bool // other fields follow it: once it is filled in, the command is asked to Refill
	Max      int  // characters of text; 0: the platform's own limit
}

// Field returns the field of that name, or nil.
func (f Form) Field(name string) *Field {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}
