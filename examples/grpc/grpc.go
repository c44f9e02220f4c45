// Package healthcheck has a gRPC server and its client on a machine of package netemu:
// the one line of each that is not as it always is makes the listener, and the
// dialer. It is a module of its own, so that gRPC is nobody else's dependency.
package healthcheck

import (
	"context"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"

	"sockpair/netemu"
)

// Serve makes a server of the health service, with the statuses that are
// returned, which listens on a name of n. Stop ends it.
func Serve(n *netemu.Net, name string) (statuses *health.Server, stop func(), err error) {
	l, err := n.Listen("unix", name)
	if err != nil {
		return nil, nil, err
	}
	server := grpc.NewServer()
	statuses = health.NewServer()
	grpc_health_v1.RegisterHealthServer(server, statuses)
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Serve(l)
	}()
	return statuses, func() { server.Stop(); <-done }, nil
}

// Dial makes a client of the server with that name.
func Dial(n *netemu.Net, name string) (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:///"+name,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, name string) (net.Conn, error) { return n.DialContext(ctx, "unix", name) }))
}
