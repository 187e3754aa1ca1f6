// Command centrifuge serves what Centrifugo's engine, the centrifuge library, serves: channels over its WebSocket
// protocol (JSON). It is what `./touchline bench relay centrifuge` sets beside a relay. Nothing is asked for that costs
// and that the measurement does not need: no presence, no join and leave, no delta compression, no other node; a
// connection names in its connect command the channels to which it is subscribed.
//
// Publications come over one loopback connection (see publish). It answers lines on its standard input, and ends with it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"github.com/centrifugal/centrifuge"
)

// How long and how much of each channel is kept for those who come back, where that is asked for.
const (
	historySize = 256
	historyTTL  = time.Minute
)

type settings struct {
	writeDelay time.Duration
	maxFrame   int
	history    bool
}

func main() {
	var s settings
	flag.DurationVar(&s.writeDelay, "write-delay", 0, "how long a connection waits for more messages to share a frame")
	flag.IntVar(&s.maxFrame, "max-frame", 0, "messages that may share a frame; 0 for the library's own default, -1 for any number")
	flag.BoolVar(&s.history, "history", false, "keep a history of each channel, with positions and recovery")
	flag.Parse()
	if err := run(s); err != nil {
		log.Fatal(err)
	}
}

func run(s settings) error {
	node, err := newNode(s)
	if err != nil {
		return err
	}
	clients, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	feed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	failed := make(chan error, 3)
	go func() { failed <- http.Serve(clients, handler(node)) }()
	go func() { failed <- publish(node, feed, s) }()
	go func() { failed <- answer(os.Stdin, os.Stdout) }()
	fmt.Printf("answer port=%d feed=%d\n", port(clients), port(feed))
	return <-failed
}

func newNode(s settings) (*centrifuge.Node, error) {
	node, err := centrifuge.New(centrifuge.Config{
		LogLevel:   centrifuge.LogLevelWarn,
		LogHandler: func(e centrifuge.LogEntry) { log.Println(e.Message, e.Fields) },
	})
	if err != nil {
		return nil, err
	}
	node.OnConnecting(func(_ context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		var channels []string
		if err := json.Unmarshal(e.Data, &channels); err != nil {
			return centrifuge.ConnectReply{}, centrifuge.DisconnectBadRequest
		}
		subscriptions := make(map[string]centrifuge.SubscribeOptions, len(channels))
		for _, channel := range channels {
			subscriptions[channel] = centrifuge.SubscribeOptions{EnableRecovery: s.history}
		}
		return centrifuge.ConnectReply{
			Credentials:        &centrifuge.Credentials{},
			Subscriptions:      subscriptions,
			WriteDelay:         s.writeDelay,
			WriteWithTimer:     true, // where there is a delay; costs less than a goroutine that waits
			MaxMessagesInFrame: s.maxFrame,
		}, nil
	})
	return node, node.Run()
}

// handler has the settings that the library offers to keep a connection small.
func handler(node *centrifuge.Node) http.Handler {
	return centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{
		ReadBufferSize:             512,
		UseWriteBufferPool:         true,
		ProcessCommandsOffReadLoop: true,
	})
}

// publish takes one connection that brings publications: the length of the channel's name, one byte, that of the
// payload, three bytes, the channel and the payload.
func publish(node *centrifuge.Node, feed net.Listener, s settings) error {
	conn, err := feed.Accept()
	if err != nil {
		return err
	}
	var options []centrifuge.PublishOption
	if s.history {
		options = append(options, centrifuge.WithHistory(historySize, historyTTL))
	}
	in := bufio.NewReaderSize(conn, 1<<16)
	var head [4]byte
	for {
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return err
		}
		name := int(head[0])
		both := make([]byte, name+int(head[1])<<16+int(head[2])<<8+int(head[3]))
		if _, err := io.ReadFull(in, both); err != nil {
			return err
		}
		if _, err := node.Publish(string(both[:name]), both[name:], options...); err != nil {
			return err
		}
	}
}

// answer collects garbage and gives memory back when asked to: a line for each line.
func answer(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if lines.Text() != "collect" {
			return fmt.Errorf("unknown: %s", lines.Text())
		}
		debug.FreeOSMemory()
		if _, err := fmt.Fprintln(out, "answer"); err != nil {
			return err
		}
	}
	os.Exit(0)
	return nil
}

func port(l net.Listener) int {
	return l.Addr().(*net.TCPAddr).Port
}
