package genuinfake

import (
	"crypto/rand"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
)

// answer is what one request gets. With reset set it gets nothing: its connection breaks.
type answer struct {
	status int
	header map[string]string
	body   []byte
	reset  bool
}

func (a answer) write(w http.ResponseWriter) {
	if a.reset {
		reset(w)
		return
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may be gone
}

// reset ends the connection with a TCP reset, as a crashed server or a broken network does.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// success is an answer in Genuin's way: its code is a number.
func success(message string, data any) answer {
	return inJSON(http.StatusOK, http.StatusOK, message, data)
}

// refusal is an error in Genuin's way: its code is a string.
func refusal(status int, code, message string) answer {
	return inJSON(status, code, message, struct{}{})
}

func inJSON(status int, code any, message string, data any) answer {
	body, err := json.Marshal(map[string]any{"code": code, "message": rand.Text()[:8] + "-[" + message + "]", "data": data})
	if err != nil {
		return plain(http.StatusInternalServerError)
	}
	return answer{status: status, header: map[string]string{"Content-Type": "application/json"}, body: body}
}

// plain is the short answer of a web server in front of Genuin.
func plain(status int) answer {
	return answer{
		status: status,
		header: map[string]string{"Content-Type": "text/html"},
		body:   []byte("<html><body><h1>" + strconv.Itoa(status) + " " + http.StatusText(status) + "</h1></body></html>\n"),
	}
}

// empty is an answer without a body.
func empty(status int) answer { return answer{status: status} }
