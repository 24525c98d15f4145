package foedus

import (
	"context"
	"errors"
	"strconv"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

// Error is a failure that a caller can act on: decide by Reason, show Message and Fix.
type Error struct {
	// Reason is a name of the hub's closed list, e.g. "TOKEN_USED".
	Reason  string
	Message string
	Facts   map[string]string
	Code    connect.Code
	cause   error
}

func (e *Error) Error() string { return e.Message + " (" + e.Reason + ")" }

func (e *Error) Unwrap() error { return e.cause }

// Fix is the command that mends it, where there is one.
func (e *Error) Fix() string { return e.Facts["fix"] }

// Passing tells whether the same call may well succeed later.
func (e *Error) Passing() bool {
	switch e.Code {
	case connect.CodeUnavailable, connect.CodeDeadlineExceeded, connect.CodeResourceExhausted,
		connect.CodeAborted, connect.CodeInternal, connect.CodeCanceled:
		return e.Reason != "LIMIT_EXCEEDED"
	}
	return false
}

func (e *Error) retry() time.Duration {
	return time.Duration(e.number("retry_ms")) * time.Millisecond
}

func (e *Error) number(fact string) int64 {
	number, _ := strconv.ParseInt(e.Facts[fact], 10, 64)
	return number
}

func refusal(reason, message string) *Error { return &Error{Reason: reason, Message: message} }

// errorOf reads what the hub said, else what the network did.
func errorOf(err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var told *connect.Error
	if !errors.As(err, &told) {
		return &Error{"HUB_UNREACHABLE", err.Error(), nil, connect.CodeUnavailable, err}
	}
	for _, detail := range told.Details() {
		value, problem := detail.Value()
		if info, ok := value.(*errdetails.ErrorInfo); ok && problem == nil {
			return &Error{info.GetReason(), told.Message(), info.GetMetadata(), told.Code(), err}
		}
	}
	code := told.Code()
	// How connect-go words a connection that broke in the middle of a stream.
	if code == connect.CodeUnknown && !errors.Is(err, context.Canceled) {
		code = connect.CodeUnavailable
	}
	found := &Error{"UNSPECIFIED", told.Message(), nil, code, err}
	if found.Passing() {
		found.Reason = "HUB_UNREACHABLE"
	}
	return found
}
