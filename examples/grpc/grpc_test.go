package healthcheck

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"sockpair/netemu"
)

// client makes a client.
func client(t *testing.T, n *netemu.Net) (grpc_health_v1.HealthClient, *grpc.ClientConn) {
	t.Helper()
	conn, err := Dial(n, "/run/health")
	if err != nil {
		t.Fatalf("Dial = %v, want nil", err)
	}
	return grpc_health_v1.NewHealthClient(conn), conn
}

// TestCallsAreAnswered: many at once, from two clients; one that nobody knows is
// refused.
func TestCallsAreAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		statuses, stop, err := Serve(n, "/run/health")
		if err != nil {
			t.Fatalf("Serve = %v, want nil", err)
		}
		statuses.SetServingStatus("db", grpc_health_v1.HealthCheckResponse_SERVING)
		var wg sync.WaitGroup
		for range 2 {
			calls, conn := client(t, n)
			defer conn.Close()
			for range 20 {
				wg.Go(func() {
					r, err := calls.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: "db"})
					if err != nil || r.Status != grpc_health_v1.HealthCheckResponse_SERVING {
						t.Errorf("Check = %v, %v, want SERVING", r, err)
					}
				})
			}
			_, err := calls.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: "nobody"})
			if status.Code(err) != codes.NotFound {
				t.Errorf("Check of an unknown service = %v, want NotFound", err)
			}
		}
		wg.Wait()
		stop()
	})
}

// TestStreamsFollow: a watch sees each change; when its time is over it ends,
// and hours cost nothing.
func TestStreamsFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		statuses, stop, _ := Serve(n, "/run/health")
		defer stop()
		calls, conn := client(t, n)
		defer conn.Close()
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Hour)
		defer cancel()
		watch, err := calls.Watch(ctx, &grpc_health_v1.HealthCheckRequest{Service: "db"})
		if err != nil {
			t.Fatalf("Watch = %v, want nil", err)
		}
		want := []grpc_health_v1.HealthCheckResponse_ServingStatus{grpc_health_v1.HealthCheckResponse_SERVICE_UNKNOWN,
			grpc_health_v1.HealthCheckResponse_SERVING, grpc_health_v1.HealthCheckResponse_NOT_SERVING}
		go func() {
			for _, s := range want[1:] {
				time.Sleep(time.Hour)
				statuses.SetServingStatus("db", s)
			}
		}()
		for _, s := range want {
			if r, err := watch.Recv(); err != nil || r.Status != s {
				t.Errorf("Recv = %v, %v, want %v", r, err, s)
			}
		}
		_, err = watch.Recv()
		switch status.Code(err) {
		case codes.DeadlineExceeded: // the client's timer was first
		case codes.Canceled: // the server's was, which rings at the same time
		default:
			t.Errorf("Recv when the time is over = %v, want DeadlineExceeded, or Canceled", err)
		}
		if passed := time.Since(start); passed != 10*time.Hour {
			t.Errorf("the watch has ended after %v, want 10h", passed)
		}
	})
}

// TestClientComesBack: a server that stops is found again when another has
// taken its name.
func TestClientComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		_, stop, _ := Serve(n, "/run/health")
		calls, conn := client(t, n)
		defer conn.Close()
		check := func(options ...grpc.CallOption) error {
			_, err := calls.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{}, options...)
			return err
		}
		if err := check(); err != nil {
			t.Fatalf("Check = %v, want nil", err)
		}
		stop()
		if err := check(); err == nil {
			t.Error("Check without a server = nil, want an error")
		}
		_, stop, err := Serve(n, "/run/health")
		if err != nil {
			t.Fatalf("Serve again = %v, want nil", err)
		}
		defer stop()
		if err := check(grpc.WaitForReady(true)); err != nil {
			t.Errorf("Check of the second server = %v, want nil", err)
		}
	})
}
