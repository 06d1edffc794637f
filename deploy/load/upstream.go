package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// upstream stands in for the platforms' APIs and for Genuin, behind the bot: it takes everything and answers at once. The
// fakes, which behave, would cost more than the bot.
type upstream struct {
	url    string
	server *http.Server
	seq    atomic.Int64

	served, made atomic.Int64 // requests to a platform, and to Genuin
	threads      sync.Map     // that were started, by the message they began with

	mu       sync.Mutex
	answered map[string]time.Time     // by handle: when Genuin answered
	replied  map[string]time.Duration // by handle: how long after that its link stood in a thread
}

func startUpstream() (*upstream, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	u := &upstream{url: "http://" + l.Addr().String(), answered: map[string]time.Time{}, replied: map[string]time.Duration{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", u.slack)
	mux.HandleFunc("/api/v10/", u.discord)
	mux.HandleFunc("POST /api/thirdparty/community/create", u.genuin)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { answer(w, `{"ok":true}`) })
	u.server = &http.Server{Handler: u.counting(mux), ReadHeaderTimeout: answerWithin}
	go func() { _ = u.server.Serve(l) }() // ends with Close
	return u, nil
}

func (u *upstream) close() error { return u.server.Close() }

// environ leads a bot here.
func (u *upstream) environ() []string {
	return []string{"SLACK_API_URL=" + u.url + "/api/", "DISCORD_API_URL=" + u.url + "/api/v10", "GENUIN_BASE_URL=" + u.url, "GENUIN_ACCESS_TOKEN=load"}
}

func answer(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body) // a bot that hung up is seen elsewhere
}

// slack answers a method of Slack's Web API.
func (u *upstream) slack(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch r.PathValue("method") {
	case "users.info":
		answer(w, `{"ok":true,"user":{"id":"U0000001","name":"ada","real_name":"ada","locale":"en-US","profile":{"display_name":"ada"}}}`)
	case "chat.postMessage":
		answer(w, fmt.Sprintf(`{"ok":true,"channel":"C0000001","ts":"1795944258.%06d","message":{"thread_ts":%q}}`, u.seq.Add(1), threadOf(body)))
		u.reply(body)
	case "chat.update":
		answer(w, `{"ok":true,"channel":"C0000001","ts":"1795944258.000001"}`)
	case "conversations.history", "conversations.replies":
		answer(w, `{"ok":true,"messages":[]}`)
	default: // views.open and the like
		answer(w, `{"ok":true,"view":{"id":"V0000001","hash":"1"},"user_id":"UBOT","team_id":"T0FAKE"}`)
	}
}

var thread = regexp.MustCompile(`(?:^|&)thread_ts=([0-9.]+)`)

// threadOf returns the thread that a message goes to, or "".
func threadOf(form []byte) string {
	if m := thread.FindSubmatch(form); m != nil {
		return string(m[1])
	}
	return ""
}

var (
	started = regexp.MustCompile(`/messages/([0-9]+)/threads$`)
	posted  = regexp.MustCompile(`/channels/([0-9]+)/messages`)
)

// channel reports whether a message goes to a channel or thread that is there: the bot tries a thread before it starts it.
func (u *upstream) channel(path string) bool {
	m := posted.FindStringSubmatch(path)
	if m == nil || m[1] == where[discordPlatform].Channel {
		return true
	}
	_, there := u.threads.Load(m[1])
	return there
}

// discord answers a request to Discord's REST API.
func (u *upstream) discord(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch {
	case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/messages"):
		answer(w, `[]`)
	case started.MatchString(r.URL.Path):
		message := started.FindStringSubmatch(r.URL.Path)[1]
		u.threads.Store(message, true)
		answer(w, fmt.Sprintf(`{"id":%q,"type":11}`, message))
	case !u.channel(r.URL.Path):
		w.WriteHeader(http.StatusNotFound)
		answer(w, `{"message":"Unknown Channel","code":10003}`)
	default:
		answer(w, fmt.Sprintf(`{"id":"1576529356%09d","channel_id":"121000000000000001"}`, u.seq.Add(1)))
		if r.Method == http.MethodPost { // a card that is redrawn shows the link, too
			u.reply(body)
		}
	}
}

// genuin makes a community. Its link holds its handle, by which the reply in the thread is known.
func (u *upstream) genuin(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Handle string `json:"handle"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	u.mu.Lock()
	u.answered[asked.Handle] = time.Now()
	u.mu.Unlock()
	answer(w, fmt.Sprintf(`{"code":"200","message":"Community has been created successfully.","data":{"community_id":"c-%s","share_url":"https://genuin.example/c/%s"}}`, asked.Handle, asked.Handle))
}

// link is a community's link in a message, as the load's handles make it, also where it is escaped in a form.
var link = regexp.MustCompile(`genuin\.example(?:/|%2F)c(?:/|%2F)(load-[0-9]+)`)

// reply notes that a message was posted, when it is the first with a link.
func (u *upstream) reply(body []byte) {
	m := link.FindSubmatch(body)
	if m == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	handle := string(m[1])
	if at, made := u.answered[handle]; made && u.replied[handle] == 0 {
		u.replied[handle] = time.Since(at)
	}
}
