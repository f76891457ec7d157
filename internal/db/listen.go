package db

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Listen calls hear for every event that commits, until ctx ends or the
// connection breaks; then it returns the error and the caller starts again.
// ready is called once nothing committed from now on can be missed.
func Listen(ctx context.Context, d *DB, ready func(), hear func(Notice)) error {
	// A connection of its own: a pooled one would be missing from the pool for as long as the program runs.
	conn, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+Channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if ready != nil {
		ready()
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		var notice Notice
		if err := json.Unmarshal([]byte(n.Payload), &notice); err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		hear(notice)
	}
}
