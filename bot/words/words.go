// Package words holds all that people read, in every language the bot speaks: one file per language, all of one shape.
// Nothing anywhere else says a word to people.
//
// It imports bot.
package words

import (
	"errors"
	"strings"

	"communitybot/bot"
)

// Words is what the bot says in one language. {name} stands for what bot.Say fills in; every language has the same ones
// as English.
type Words struct {
	Language string // its BCP 47 tag: "de"

	Commands Commands
	Form     Form
	Problem  Problem
	Button   Button
	Card     Card
	Thread   Thread
	Genuin   Genuin
	Answer   Answer
	Refused  Refused
	List     List
	Chat     Chat
}

// Commands names what can be typed. Names are of small letters without spaces, 32 at most; what they mean takes 100
// characters. Discord shows both in the reader's language, Slack in English.
type Commands struct {
	Create, Communities                                  bot.Named
	Name, Handle, Description, Tags, Category, Type, Why bot.Named // what can be given with create
	More                                                 bot.Named // … to be asked for everything
	Text                                                 bot.Named // what can be given with communities
	Shortcut                                             bot.Named // on a message; the name takes 24 characters
}

// Form is the words of forms. Titles and the buttons that send take 24 characters, labels 45, hints 100.
type Form struct {
	CreateTitle, Create, SendRequest string
	EditTitle, Save                  string
	FixTitle, Resubmit               string
	DenyTitle, Deny                  string
	ChangesTitle, AskForChanges      string
	LinkTitle, AddLink               string

	Name, NameHint               string
	Handle, HandleHint           string
	HandleFollowsHint            string // {handle}: what it becomes when it is left empty
	Description, DescriptionHint string
	Tags, TagsHint               string
	Why, WhyHint                 string
	Type                         string
	Categories, CategoriesHint   string
	Proposed, ProposedHint       string
	Picture, PictureHint         string
	Banner, BannerHint           string
	Members, MembersHint         string
	Options                      string
	AI, AIPicture, AIBanner      string
	Hashtags                     string
	Reason, ReasonHint           string
	Changes, ChangesHint         string
	Link, LinkHint               string
}

// Problem says at a field what is wrong with it.
type Problem struct {
	LookAgain       string // above all others
	TooLong         string // {length} {max}
	Cut             string // {max}: what was typed did not fit
	NoName          string
	NotOneOf        string // {value} {options}
	NoCategory      string // {value} {options}
	NotCategoryID   string // {value}
	ItemTooLong     string // {value} {max}
	ListTooLong     string
	TooMany         string // {count} {max}
	NotFile         string
	NotMember       string // {value}
	TooManyHashtags string
	NoSlug          string // no handle can be made from the name
	OnlySpaces      string
	HandleTooLong   string // {max}
	HandleLetters   string
	Example         string // {handle}
	Held            string // {handle}
	Free            string // {handles}
	Try             string // {handles}: nobody knows whether they are free
	ThinkOfAnother  string
	Taken           string // by somebody else, on Genuin
	CategoryGone    string // Genuin does not know it
	GenuinRefused   string // {said}: above the form
	NoChanges       string // what should be different was left empty
	NotLink         string
}

// Button is the words on buttons: 75 characters at most.
type Button struct {
	Approve, Deny, AskForChanges    string
	Edit, Withdraw, Remind, Details string
	Fix, TryAgain, Ours, Rename     string
	AskAgain, TakeBack, More        string
}

// Card is what a request's card shows beside the labels of its form.
type Card struct {
	AskedBy, Agreed, Expires          string
	MadeByAI, PictureByAI, BannerByAI string
	PictureAlt, BannerAlt             string
	Number                            string // {number}
	Status                            map[bot.State]string
	Troubled, NoLink, NobodyAsked     string               // for states that are not as they should be; {handle} in NoLink
	Missing                           string               // {have} {need} {left} {who}
	Anybody, Others, Or, SomeApprover string               // who decides; {some} {last} in Or
	Stands                            map[bot.State]string // a sentence's end: "By now, it was denied."; {have} {need} when pending
	StandsNobodyAsked                 string
}

// Thread is what is told below a card. {asker} is whoever asked, {by} whoever did something, {name} the community.
type Thread struct {
	Asked              string // {by} {name} {need} {who}
	Agreed, AllAgreed  string // {by} {have} {need}
	TookBack           string // {by} {have} {need}
	Denied             string // {asker} {by} {name} {reason}
	DeniedSilently     string // {asker} {by} {name}
	ChangesAsked       string // {asker} {by} {what} {edit}
	ChangesAskedThere  string // {by} {what}: where the approvers are
	Edited             string // {by} {what}
	SentAgain, Changed string // {by}; {by} {what}
	Retried, Withdrawn string // {by}
	AskedAnew          string
	Reminded           string // {name} {have} {need}
	RemindedBy         string // {by} {name} {have} {need}
	Expired            string // {asker} {name} {again}
	ExpiredInDoubt     string // {asker} {name}
	ExpiredThere       string // {name}
	Perhaps            string // it may exist
	Created            string // {asker} {name} {link}
	CreatedNoLink      string // {asker} {name} {handle}
	Linked             string // {by} {name} {link}
	Unasked            string // {name}
	Hidden             string // {name}
	Fading             string // {name} {show}
}

// Genuin is what is told about calls to Genuin. {said} is Genuin's own words, by Said, or nothing.
type Genuin struct {
	Said                                             string // {words}
	RateLimited, Unreachable, NoAnswer, Broken, Slow string // still trying; {said} in Broken
	FailedThere                                      string // {name} {asker}
	NobodyAsked                                      string // {asker} {retry}
	HandleTaken                                      string // {asker} {handle} {free} {fix}
	Free                                             string // {handles}
	CategoryUnknown                                  string // {asker} {fix}
	BadRequest                                       string // {asker} {said} {fix}
	NotLetIn                                         string // {asker} {retry}
	GaveUp                                           string // {asker} {said} {retry}
	GaveUpReaching                                   string // {asker} {retry}
	DoubtThere                                       string // {handle} {asker}
	DoubtTaken                                       string // {asker} {handle} {ours} {rename}
	DoubtNotLetIn                                    string // {asker} {handle} {ours} {retry}
	DoubtBroken                                      string // {asker} {said} {handle} {ours} {retry}
	Doubt                                            string // {asker} {handle} {said} {ours} {fix}
}

// Answer is what the one who acted is told when it worked.
type Answer struct {
	Sent       string // {name}
	Saved      string
	Resent     string
	LinkAdded  string // {name}
	Heard      string // {who}
	AgreedOnce string // {name} {left}
	TakenBack  string // {name}
	Stands     string // {name} {stands}
}

// Refused is what the one who acted is told when it did not.
type Refused struct {
	Unknown     string // {create} {communities}
	OldButton   string // {communities}
	NotYours    string // {asker} {create}
	Old         string // {stands}
	NotNow      string // {stands}
	Own         string // {who}
	NotApprover string // {who}
	NotHere     string // {who}
	Expired     string
	NotVoted    string
	Same        string
	TooSoon     string
	HeldByNow   string // {handle} {fix}
	NoNumber    string // {list}
	OldList     string // {list}
}

// List is what /communities says.
type List struct {
	Help                        string // {create} {list} {waiting} {all} {show} {withdraw}
	NobodyAgrees                string
	Agree                       string // {need} {who} {may}
	MayUnknown                  string // {why}
	MayNot, MayOthers, May      string // after Agree
	DecideOwn, DecideVoted      string // after Decide
	DecideNot, DecideYes        string // after Decide; {who} in DecideNot
	Decide                      string // {may}
	Mine, Waiting, All          string // titles
	Newest                      string // {title}
	NothingWaits, NothingNewest string
	WaitsThere                  string // anybody who is in a channel decides there
	NothingYet                  string // {create}
	ThatWasAll                  string
	Row                         string // {number} {name} {asker} {stands}
	RowAsker                    string // {asker}
	Happened                    string
	Entry, EntryBy, EntryNote   string // {time} {what} {version}, {by}, {note}
	Fact                        string // {label} {value}
	What                        map[bot.What]string
	MoreInList                  string // {list}
}

// Chat is what the platforms' own parts of the bot say.
type Chat struct {
	OurFault, Busy, Forbidden, NotFound, Invalid string // for errors without words of their own
	UnknownButton, UnknownForm, FormGone         string
	Stranger                                     string // to who does not belong to those that the bot is for
	AlreadySent                                  string // of a form that is changed after it was sent
	FormLate, FormBusy, FormFailed               string // {platform} in the first two; TypeAgain or PressAgain follows
	TypeAgain, PressAgain, TellOperator          string
	FormTooLong                                  string // {platform}
	Cancel, Close, Send, Done                    string
	CantBeUsed                                   string
	Picture                                      string // an image without words of its own
	Thread                                       string // the name of a thread without one
	NeedsChange, TryAgain, OpenForm              string
	NothingSent                                  string // {button}
	MoreFields                                   string // {page}
	NoGroup                                      string // who may decide can't be looked up: …
	GroupScope                                   string // {scope}
	GroupPlan, GroupWait, GroupNoAnswer, GroupNo string // {platform} in the last three
}

// all are the languages, English first.
var all = []*Words{&English, &German, &Spanish, &French, &Portuguese, &Hindi, &Japanese}

// All returns every language, English first.
func All() []*Words { return all }

// For returns the words for a platform's locale, such as "de-DE" or "pt_BR"; English for one that the bot does not speak.
func For(locale string) *Words {
	if len(locale) > 1 {
		tongue := strings.ToLower(locale[:2])
		for _, w := range all {
			if w.Language == tongue && (len(locale) == 2 || locale[2] == '-' || locale[2] == '_') {
				return w
			}
		}
	}
	return &English
}

// Explain returns the words for people in err. An error without any is told by its code.
func (w *Words) Explain(err error) string {
	var e *bot.Error
	if errors.As(err, &e) && e.Message != "" {
		return e.Message
	}
	switch bot.CodeOf(err) {
	case bot.Busy:
		return w.Chat.Busy
	case bot.Forbidden, bot.NoAccess:
		return w.Chat.Forbidden
	case bot.NotFound, bot.Gone:
		return w.Chat.NotFound
	case bot.Invalid, bot.Conflict:
		return w.Chat.Invalid
	}
	return w.Chat.OurFault
}
