package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// answerWithin is how long an answer may take: as long as the platforms wait.
const answerWithin = 3 * time.Second

// connection is one that is kept open, as the platforms do. It costs far less than net/http's client: the generator must
// not be what is measured.
type connection struct {
	net.Conn
	r *bufio.Reader
}

func dial(address string) (*connection, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{c, bufio.NewReaderSize(c, 16<<10)}, nil
}

// ask sends a request and returns its answer.
func (c *connection) ask(request []byte) (status int, body []byte, err error) {
	if err := c.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return 0, nil, err
	}
	if _, err := c.Write(request); err != nil {
		return 0, nil, err
	}
	answer, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

// once sends one request on a connection of its own.
func once(address string, request []byte) (status int, body []byte, err error) {
	c, err := dial(address)
	if err != nil {
		return 0, nil, err
	}
	defer c.Close()
	return c.ask(request)
}

// refuses returns an error when a server takes what was tampered with.
func refuses(address string, k kind) error {
	status, _, err := once(address, k.tampered())
	if err == nil && status != http.StatusUnauthorized {
		err = fmt.Errorf("a %s that was tampered with is answered %d, want 401", k.name, status)
	}
	return err
}
