package dev.posthaste.jobs;

/** A job could not be brought forward; of others nothing is said. */
final class StepException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long job;

  StepException(long job, Throwable cause) {
    super(cause.getMessage(), cause);
    this.job = job;
  }

  long job() {
    return job;
  }
}
