CREATE DATABASE prefect OWNER dateline;
