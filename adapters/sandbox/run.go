package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Bot runs the bot with an environment until ctx ends, and calls ready once it answers. What ready returns ends it.
type Bot func(ctx context.Context, environ []string, now func() time.Time, ready func(Running) error) error

// Running is a bot that answers.
type Running struct {
	URL  string                // the root of its routes
	Look func(context.Context) // has it look at once for what is due, for a clock that was moved
	// Events returns the numbers of requests by the IDs of the events that made them what they are, such as
	// "slack:view:V123": what the bot's history says of whom it heard what from.
	Events func(context.Context) (map[string]int64, error)
}

// restart asks for a bot with another policy.
type restart struct {
	policy policy
	done   chan error
}

// life is a bot that was started.
type life struct {
	end  context.CancelFunc
	over chan error // what it ended with
}

// Run runs the bot until ctx ends, and starts it anew, on the same database, whenever its policy is changed. It calls
// answers once, when people can begin.
func (s *Sandbox) Run(ctx context.Context, bot Bot, answers func()) error {
	defer s.end()
	s.door.Lock()
	now, err := s.start(ctx, bot, s.inForce())
	s.door.Unlock()
	if err != nil {
		return err
	}
	answers()
	for {
		select {
		case err := <-now.over:
			return err
		case <-ctx.Done():
			return <-now.over
		case asked := <-s.restarts:
			var refused error
			if now, refused, err = s.replace(ctx, bot, now, asked.policy); err != nil {
				asked.done <- err
				return err
			}
			asked.done <- refused
		}
	}
}

// replace ends a bot and starts one with another policy, or with the former when that is refused. What people do meanwhile
// waits at the door, and is done afterwards: nobody is to lose a form by somebody else's change of policy.
func (s *Sandbox) replace(ctx context.Context, bot Bot, now life, p policy) (next life, refused, err error) {
	s.door.Lock()
	defer s.door.Unlock()
	now.end()
	if err := <-now.over; err != nil {
		return now, nil, err
	}
	was := s.inForce()
	if next, refused = s.start(ctx, bot, p); refused != nil {
		next, err = s.start(ctx, bot, was)
	}
	return next, refused, err
}

// start starts a bot and returns when it answers.
func (s *Sandbox) start(ctx context.Context, bot Bot, p policy) (life, error) {
	running, end := context.WithCancel(ctx)
	answers, over := make(chan struct{}), make(chan error, 1)
	go func() {
		over <- bot(running, append(s.Environ(), p.environ(s.slack.TeamID, s.discord.Options().GuildID)...), s.clock.Now, func(r Running) error {
			if err := s.connectTo(r.URL); err != nil {
				return err
			}
			s.set(p, r)
			close(answers)
			return nil
		})
	}()
	select {
	case <-answers:
		return life{end, over}, nil
	case err := <-over:
		end()
		if err == nil {
			err = errors.New("the bot ended before it answered")
		}
		return life{}, err
	}
}

// setPolicy has the bot started anew with a policy. An error says what is wrong with it; then the former one holds.
func (s *Sandbox) setPolicy(ctx context.Context, p policy) error {
	asked := restart{p, make(chan error, 1)}
	select {
	case s.restarts <- asked:
	case <-s.over:
		return errors.New("the bot has stopped")
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-asked.done
}

// forward moves the clock of the bot and of both chats ahead. Whatever comes due by that happens at once.
func (s *Sandbox) forward(ctx context.Context, d time.Duration) error {
	const most = 366 * 24 * time.Hour
	if d <= 0 || s.clock.Ahead()+d > most {
		return badRequest(fmt.Sprintf("The clock goes ahead only, by %s in all.", most))
	}
	s.clock.move(d)
	s.running().Look(ctx)
	s.bell.ring()
	return nil
}
