package netemu_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/netemu"
)

// certificate is one for "server" that signs itself.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"server"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// greet answers with the protocol and what it was sent.
var greet = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s %d", r.Proto, r.Method, r.URL.Path, len(body))
})

// TestHTTPServersRun: HTTP/1, HTTP/1 over TLS, HTTP/2 over TLS and HTTP/2 in
// clear, on a machine in a bubble, with time-outs that pass at once.
func TestHTTPServersRun(t *testing.T) {
	cert, pool := certificate(t)
	h2c := new(http.Protocols)
	h2c.SetUnencryptedHTTP2(true)
	for name, c := range map[string]struct {
		proto     string
		scheme    string
		server    *http.Server
		transport *http.Transport
	}{
		"HTTP/1":          {"HTTP/1.1", "http", &http.Server{}, &http.Transport{}},
		"HTTP/1 over TLS": {"HTTP/1.1", "https", &http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}}, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}},
		"HTTP/2 over TLS": {"HTTP/2.0", "https", &http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}}, &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool}}},
		"HTTP/2 in clear": {"HTTP/2.0", "http", &http.Server{Protocols: h2c}, &http.Transport{Protocols: h2c}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := netemu.New()
				l, err := n.Listen("unix", "/run/http")
				require.NoError(t, err)
				server, transport := c.server, c.transport
				server.Handler, server.ReadTimeout, server.IdleTimeout = greet, time.Hour, time.Minute
				served := make(chan error, 1)
				go func() {
					if c.scheme == "https" {
						served <- server.ServeTLS(l, "", "")
						return
					}
					served <- server.Serve(l)
				}()
				transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
					return n.DialContext(ctx, "unix", "/run/http")
				}
				client := &http.Client{Transport: transport}
				var wg sync.WaitGroup
				for i := range 10 {
					wg.Go(func() {
						body := bytes.NewReader(make([]byte, i*100_000))
						r, err := client.Post(c.scheme+"://server/path", "text/plain", body)
						if err != nil {
							t.Errorf("Post = %v", err)
							return
						}
						got, err := io.ReadAll(r.Body)
						r.Body.Close()
						if want := fmt.Sprintf("%s POST /path %d", c.proto, i*100_000); string(got) != want || err != nil {
							t.Errorf("the answer = %q, %v, want %q", got, err, want)
						}
					})
				}
				wg.Wait()
				time.Sleep(2 * time.Minute) // idle connections end
				require.NoError(t, server.Shutdown(t.Context()))
				require.Equal(t, http.ErrServerClosed, <-served)
				client.CloseIdleConnections()
				synctest.Wait()
				require.Equal(t, []int{0, 1, 2}, n.Process().Descriptors(), "descriptors left open")
			})
		})
	}
}

// TestHTTPClientGivesUp: a client's time-out ends a request to a server that
// does not answer.
func TestHTTPClientGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		l, _ := n.Listen("unix", "/run/http")
		go func() {
			c, _ := l.Accept()
			io.Copy(io.Discard, c)
			c.Close()
		}()
		client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return n.DialContext(ctx, "unix", "/run/http")
		}}}
		start := time.Now()
		_, err := client.Get("http://server/")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(start))
		l.Close()
	})
}

// TestTLSOverAPipe: handshake, data, a close that is announced and one that is not.
func TestTLSOverAPipe(t *testing.T) {
	cert, pool := certificate(t)
	synctest.Test(t, func(t *testing.T) {
		a, b := netemu.Pipe()
		server, client := tls.Server(a, &tls.Config{Certificates: []tls.Certificate{cert}}), tls.Client(b, &tls.Config{RootCAs: pool, ServerName: "server"})
		data := []byte(strings.Repeat("a record or more ", 10_000))
		go func() { server.Write(data); server.CloseWrite() }()
		got, err := io.ReadAll(client)
		require.NoError(t, err)
		require.Equal(t, data, got)
		client.SetReadDeadline(time.Now().Add(time.Second))
		server.SetReadDeadline(time.Now().Add(time.Second))
		_, err = server.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		a.Close()
		b.Close()
	})
}

// Arith is a service.
type Arith struct{}

// Multiply multiplies.
func (Arith) Multiply(args [2]int, product *int) error { *product = args[0] * args[1]; return nil }

// TestRPCCalls: net/rpc in both encodings, many calls at once on a connection.
func TestRPCCalls(t *testing.T) {
	server := rpc.NewServer()
	require.NoError(t, server.Register(Arith{}))
	for name, both := range map[string]struct {
		serve  func(io.ReadWriteCloser)
		client func(io.ReadWriteCloser) *rpc.Client
	}{
		"gob":  {server.ServeConn, rpc.NewClient},
		"json": {func(c io.ReadWriteCloser) { server.ServeCodec(jsonrpc.NewServerCodec(c)) }, jsonrpc.NewClient},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := netemu.Pipe()
				go both.serve(a)
				client := both.client(b)
				var wg sync.WaitGroup
				for i := range 20 {
					wg.Go(func() {
						product := 0
						if err := client.Call("Arith.Multiply", [2]int{i, 7}, &product); err != nil || product != i*7 {
							t.Errorf("Multiply(%d, 7) = %d, %v", i, product, err)
						}
					})
				}
				wg.Wait()
				require.NoError(t, client.Close())
			})
		})
	}
}
