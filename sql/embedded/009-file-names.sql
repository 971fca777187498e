-- What a sender called the file: for people to read, and gone with the row.
ALTER TABLE imaging.images ADD COLUMN file_name varchar(255)
  CONSTRAINT ck_images_file_name CHECK (imaging.utf16_length(file_name) <= 255);
