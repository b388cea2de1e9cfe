package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.support.Api;
import dev.posthaste.support.ServerProcess;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads when something is not as it should be at the start. */
@Tag("slow")
class TheProgramExplainsItself {
  @TempDir Path folder;

  @Test
  void a_wrong_setting_stops_the_start_with_its_name_and_what_is_allowed() throws Exception {
    ServerProcess server =
        new ServerProcess(folder)
            .with("POSTHASTE_HTTP_PROT", "8080")
            .with("POSTHASTE_DELIVERY_MAX_IN_FLIGHT", "many");
    assertThat(exitOf(server)).isEqualTo(2);
    assertThat(server.log())
        .contains("POSTHASTE_HTTP_PROT", "POSTHASTE_HTTP_PORT")
        .contains("POSTHASTE_DELIVERY_MAX_IN_FLIGHT", "whole number");
  }

  @Test
  void a_database_that_cannot_be_reached_stops_the_start_in_words() throws Exception {
    ServerProcess server =
        new ServerProcess(folder)
            .with("POSTHASTE_DATABASE_URL", "postgresql://someone:hidden-word@127.0.0.1:1/events");
    assertThat(exitOf(server)).isEqualTo(1);
    assertThat(server.log()).contains("cannot be reached").doesNotContain("hidden-word");
  }

  @Test
  void a_second_start_on_the_same_folder_or_port_says_who_is_there() throws Exception {
    try (ServerProcess first = new ServerProcess(folder).start()) {
      ServerProcess second =
          new ServerProcess(folder.resolve("second"))
              .with("POSTHASTE_DATA_DIR", folder.resolve("data").toString());
      assertThat(exitOf(second)).isEqualTo(1);
      assertThat(second.log()).contains("is in use by process");
      try (ServerSocket taken = new ServerSocket(0)) {
        ServerProcess third =
            new ServerProcess(folder.resolve("third"))
                .with("POSTHASTE_HTTP_PORT", Integer.toString(taken.getLocalPort()))
                .with("POSTHASTE_HTTP_HOST", "0.0.0.0");
        assertThat(exitOf(third)).isEqualTo(1);
        assertThat(third.log()).contains("Cannot listen on").contains("POSTHASTE_HTTP_PORT");
      }
      assertThat(new Api(first.uri("/"), ServerProcess.KEY).get("/webhooks/v1/endpoints"))
          .isNotEmpty();
    }
  }

  @Test
  void the_first_start_makes_an_operator_key_that_only_its_owner_can_read() throws Exception {
    try (ServerProcess server = new ServerProcess(folder).with("POSTHASTE_OPERATOR_KEY", "")) {
      server.start();
      Path file = folder.resolve("data/operator.key");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      String key = Files.readString(file).strip();
      assertThat(server.log()).containsOnlyOnce(key);
      assertThat(new Api(server.uri("/"), key).get("/webhooks/v1/endpoints")).isNotEmpty();
      assertThat(server.terminate()).as("a stop that was asked for is a success").isZero();
      server.start();
      assertThat(server.log()).containsOnlyOnce(key);
    }
  }

  private static int exitOf(ServerProcess server) throws Exception {
    Process process = server.launch();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(server.log()).isTrue();
    return process.exitValue();
  }
}
