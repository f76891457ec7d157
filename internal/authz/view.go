package authz

import (
	"context"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/fault"
)

// View is a look into the portal by an employee, as one of its members (B15): it shows what the member would see.
type View struct {
	ID        uuid.UUID
	Dossier   uuid.UUID // where it began; uuid.Nil: at none
	By        Actor     // the employee, with the rights of now
	StartedAt time.Time
	ExpiresAt time.Time
}

// ErrLooking is what a change gets from who looks along.
var ErrLooking = fault.New(fault.Forbidden, "looking-along", "Whoever looks along as a customer changes nothing.")

type lookingKey struct{}

// Looking returns a context in which nothing can be changed, whoever acts in it: the door opens read-only transactions only.
func Looking(ctx context.Context) context.Context { return context.WithValue(ctx, lookingKey{}, true) }

// IsLooking reports whether nothing can be changed in ctx.
func IsLooking(ctx context.Context) bool {
	if looking, _ := ctx.Value(lookingKey{}).(bool); looking {
		return true
	}
	who, err := From(ctx)
	return err == nil && who.View != nil
}

// AsEmployee returns a context in which the employee acts in person: what is written down about a look is the employee's doing.
func (v View) AsEmployee(ctx context.Context) context.Context {
	return With(context.WithValue(ctx, lookingKey{}, false), v.By)
}
