# make help lists the targets.
SHELL := /bin/sh
JDK := $(shell sh src/build/newest-jdk)
# Errors of the line above are on the terminal already: stop there.
ifeq ($(JDK),)
$(error no JDK 21 or later)
endif
ifeq ($(shell command -v mvn),)
$(error Maven is missing: install it (Debian: apt-get install maven, macOS: brew install maven) and run make again)
endif

MVN := JAVA_HOME=$(JDK) mvn -B -ntp
JAVA := $(JDK)/bin/java
JAR := target/posthaste.jar
# Measured on 2 cores: this collector costs no more CPU per event than the default one, and less in a small heap.
JVM := -XX:+UseParallelGC -Xmx1g
# The classes that a start needs, as the JVM leaves them behind when it first ends: half a second less for each later
# start. Without a place to write them to it would end with an error. They are named after the jar, since the JVM would
# take those of the one before for those of a jar that was built while it ran.
CLASSES = -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=target/posthaste-$$(cksum <$(JAR) | cut -d' ' -f1).jsa \
  -Xlog:cds*=off
SOURCES := pom.xml $(shell find src/main conf -type f)

.PHONY: help run test package format clean bench profile demo loadtest torture image

help: ## List the targets.
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | expand -t 12

run: $(JAR) ## Start Posthaste on port 8080 with development settings and an embedded PostgreSQL in ./data.
	@exec env POSTHASTE_TARGETS_ALLOW="$${POSTHASTE_TARGETS_ALLOW:-127.0.0.0/8,::1/128}" \
	  POSTHASTE_TARGETS_HTTP="$${POSTHASTE_TARGETS_HTTP:-true}" $(JAVA) $(JVM) $$(test -w target && echo "$(CLASSES)") \
	  -jar $(JAR) serve

test: ## Run every test: fast, slow, formatting and static checks.
	$(MVN) verify
	$(MVN) -f loadtest/gatling/pom.xml verify
	$(MVN) -f loadtest/pom.xml verify

package: $(JAR) ## Build target/posthaste.jar, one file that runs anywhere with Java 21.

$(JAR): $(SOURCES)
	@echo "Building $(JAR) with $(JDK); the first time Maven fetches its libraries"
	@$(MVN) -q package -DskipTests
	@rm -f target/posthaste-*.jsa
	@touch $(JAR)

LOADTEST_JAR := loadtest/target/loadtest.jar
INJECTOR_JAR := loadtest/gatling/target/injector.jar

bench: $(JAR) $(LOADTEST_JAR) ## Measure throughput, latency and CPU per event (BASE=COMMIT or bare to compare with, BENCH=--help for options; Linux).
	@$(JAVA) -jar $(LOADTEST_JAR) bench --server-opts '$(JVM)' $(if $(BASE),--base $(BASE)) $(BENCH)

SCENARIO := max
profile: $(JAR) $(LOADTEST_JAR) ## Say where the server's time goes in a scenario (SCENARIO=max, PROFILE=--help for options; Linux).
	@$(JAVA) -jar $(LOADTEST_JAR) profile --server-opts '$(JVM)' --scenario $(SCENARIO) $(PROFILE)

demo: $(JAR) $(LOADTEST_JAR) ## Play a real day in small: three systems' events, a dozen endpoints, some of them broken.
	@$(JAVA) -jar $(LOADTEST_JAR) demo $(DEMO)

torture: $(JAR) $(LOADTEST_JAR) ## Kill, pause and cut a cluster and look for what it lost (TORTURE=--help for options; Linux).
	@$(JAVA) -jar $(LOADTEST_JAR) torture $(TORTURE)

image: $(JAR) ## Build the container image posthaste (ENGINE=podman for another engine).
	$(or $(ENGINE),docker) build -f conf/container/Dockerfile -t posthaste $(IMAGE) .

loadtest: $(JAR) $(LOADTEST_JAR) $(INJECTOR_JAR) ## Load it by Gatling: the highest rate that holds, steady shares of it, a burst (LOADTEST=--help for options).
	@$(JAVA) -jar $(LOADTEST_JAR) load --server-opts '$(JVM)' $(LOADTEST)

$(LOADTEST_JAR): loadtest/pom.xml $(shell find loadtest/src -type f)
	$(MVN) -q -f loadtest/pom.xml package -DskipTests
	@touch $(LOADTEST_JAR)

$(INJECTOR_JAR): loadtest/gatling/pom.xml $(shell find loadtest/gatling/src loadtest/src/main/java/dev/posthaste/loadtest/plan loadtest/src/main/java/dev/posthaste/loadtest/wire -type f)
	@echo "Building $(INJECTOR_JAR); the first time Maven fetches Gatling"
	@$(MVN) -q -f loadtest/gatling/pom.xml package -DskipTests
	@touch $(INJECTOR_JAR)

format: ## Put the sources into the project's format.
	$(MVN) -q spotless:apply
	$(MVN) -q -f loadtest/pom.xml spotless:apply
	$(MVN) -q -f loadtest/gatling/pom.xml spotless:apply

clean: ## Remove what the build made (not ./data).
	$(MVN) -q clean
	$(MVN) -q -f loadtest/pom.xml clean
	$(MVN) -q -f loadtest/gatling/pom.xml clean
